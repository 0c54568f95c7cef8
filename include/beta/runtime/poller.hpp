// Poller: readiness of the data path's sockets, each registered once for its life (edge-triggered
// epoll).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace beta::runtime {

/// What is destroyed at the end of a batch only, because its own frames or events already fetched
/// may still name it.
class Retirable {
  public:
    Retirable() = default;
    virtual ~Retirable() = default;
    Retirable(const Retirable&) = delete;
    Retirable& operator=(const Retirable&) = delete;
};

/// What becomes ready.
class Pollable : public Retirable {
  public:
    /// epoll(7) events. Called on the worker's thread.
    virtual void ready(std::uint32_t events) = 0;
};

/// Why not Asio's own reactor: there each wait costs a system call or a buffer held while idle; a
/// registration that lasts costs neither (bench/README.md). The epoll descriptor itself is watched
/// by the worker's io_context.
class Poller {
  public:
    Poller();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    int descriptor() const noexcept { return epoll_; }
    /// Registers for input, output, hang-up, edge-triggered. False when the kernel refuses
    /// (limits).
    bool add(int fd, Pollable& target) noexcept;
    /// Level-triggered input: for acceptors, which may leave connections in the backlog.
    bool add_level(int fd, Pollable& target) noexcept;
    void remove(int fd) noexcept;
    /// Destroys the object at the end of the batch: events already fetched may still point at it.
    void retire(std::unique_ptr<Retirable> target) { retired_.push_back(std::move(target)); }

    /// Calls target.ready(0) in the next batch, once: for work cut short so that others get their
    /// turn.
    void again(Pollable& target);
    void forget(const Pollable& target) noexcept;
    /// Handles what is ready now, without blocking; false when there was nothing.
    bool dispatch();
    bool has_more() const noexcept { return !again_.empty(); }
    void
    bury() noexcept;  // destroys the retired; whoever runs code outside dispatch() calls it after

  private:
    bool control(int fd, Pollable& target, std::uint32_t events) noexcept;
    int epoll_ = -1;
    std::vector<std::unique_ptr<Retirable>> retired_;
    std::vector<Pollable*> again_;
};

}  // namespace beta::runtime

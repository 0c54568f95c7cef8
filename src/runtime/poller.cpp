#include "beta/runtime/poller.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace beta::runtime {

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

Poller::~Poller() {
    bury();
    ::close(epoll_);
}

bool Poller::add(int fd, Pollable& target) noexcept {
    return control(fd, target, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

bool Poller::add_level(int fd, Pollable& target) noexcept {
    return control(fd, target, EPOLLIN);
}

bool Poller::control(int fd, Pollable& target, std::uint32_t events) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &target;
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::remove(int fd) noexcept {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
}

void Poller::again(Pollable& target) {
    if (std::ranges::find(again_, &target) == again_.end())
        again_.push_back(&target);
}

void Poller::forget(const Pollable& target) noexcept {
    std::ranges::replace(again_, const_cast<Pollable*>(&target), nullptr);
}

bool Poller::dispatch() {
    std::array<epoll_event, 256> events;  // NOLINT: filled by the kernel
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        static_cast<Pollable*>(event.data.ptr)->ready(event.events);
    }
    const std::size_t continued = again_.size();
    for (std::size_t i = 0; i < continued;
         ++i) {  // by index: more may be added, and some forgotten
        if (Pollable* const target = std::exchange(again_[i], nullptr); target != nullptr)
            target->ready(0);
    }
    again_.erase(again_.begin(), again_.begin() + static_cast<std::ptrdiff_t>(continued));
    bury();
    return count > 0 || continued > 0;
}

void Poller::bury() noexcept {
    // A destructor may retire more; take them in turns.
    while (!retired_.empty()) {
        auto batch = std::move(retired_);
        retired_.clear();
        batch.clear();
    }
}

}  // namespace beta::runtime

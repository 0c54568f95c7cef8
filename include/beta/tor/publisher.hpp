// Publisher: keeps this sidecar's onion services published, whatever becomes of tor.
#pragma once

#include "beta/model/endpoint.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/tor/control.hpp"
#include "beta/tor/onion_files.hpp"
#include "beta/tor/publication.hpp"
#include "beta/torctl/event.hpp"

#include <condition_variable>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace beta::tor {

/// Tor has each service as long as the control connection lives, and no longer: when this process
/// ends, in whatever way, nobody is led to a port that another may take by then.
class Publisher {
  public:
    struct Service {
        OwnOnion onion;
        std::uint16_t virtual_port = 80;  // as the directory tells callers
        model::Endpoint target;           // the ingress listener as it is bound
    };
    struct Seen {
        std::string plane;
        bool is_published = false;
        std::optional<std::chrono::seconds> descriptor_age;  // since the last upload
        std::optional<std::size_t> introductions;            // once tor told of an upload
        std::string words;
    };

    /// Both outlive this. When `control` calls back no more, this may go.
    Publisher(Control& control, std::vector<Service> services, telemetry::EventLog& events);
    ~Publisher();
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;

    void start();
    void stop();

    // On the control thread.
    void control_ready();
    void control_lost();
    void heard(const torctl::Event& event);

    /// Any thread: has tor make this onion anew, with new introduction points. Connections by it go
    /// on (control-spec §3.28). False when it is not published, or has been for moments only.
    bool publish_again(const model::OnionAddress& onion, Publication::Time now);
    std::vector<Seen> seen() const;  // any thread

  private:
    struct Entry {
        Service service;
        Publication publication;
    };

    void run();
    void add(Entry& entry);
    std::optional<Publication::Time> ask_what_is_due();
    void change(const std::function<void(Entry&)>& what);

    Control& control_;
    telemetry::EventLog& events_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Entry> entries_;  // never resized
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace beta::tor

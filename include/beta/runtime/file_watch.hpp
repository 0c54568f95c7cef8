// FileWatch: tells when files have changed, by whatever name and link they are reached.
#pragma once

#include "beta/runtime/fingerprint.hpp"
#include "beta/runtime/look_pace.hpp"

#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace beta::runtime {

/// inotify says that something happened somewhere on the way to a file; whether a file has changed
/// is found by looking. So an event lost, doubled or of no matter costs a look, never a change: and
/// where inotify sees nothing (too few watches, a network's file system), the next look comes soon
/// enough.
class FileWatch {
  public:
    /// Asked at each look: a folder may have more files by then.
    using Paths = std::function<std::vector<std::string>()>;
    /// Called on the watch's own thread.
    struct Hooks {
        std::function<void()> changed;  // since the last call, or since `seen`; it has settled
        std::function<void(const std::string&)> trouble;  // a sentence, once
    };

    /// `seen` was taken before the files were loaded: what was written since then is a change.
    FileWatch(Paths paths, Fingerprints seen, Hooks hooks);
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// No change from here on is missed.
    void start();
    /// Waits for a hook that is being called, none of which may call this.
    void stop();

  private:
    void run();
    void place();
    bool place_once();
    int add(const std::string& place);
    void tell(const std::string& what, int error);
    void drop_events() const;
    void look();

    const Paths paths_;
    Fingerprints seen_;
    Hooks hooks_;
    LookPace pace_;
    int events_ = -1;       // inotify
    int end_ = -1;          // eventfd
    std::set<int> placed_;  // watch descriptors
    bool troubled_ = false;
    std::thread thread_;
};

}  // namespace beta::runtime

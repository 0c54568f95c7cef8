#include "beta/runtime/file_watch.hpp"

#include "places.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace beta::runtime {
namespace {

using Clock = std::chrono::steady_clock;

/// Of a folder and what is in it. Not IN_MODIFY: a writer has not finished before it closes.
constexpr std::uint32_t mask = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE |
                               IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr int replacements = 8;  // links that change faster than that have more events to come

int milliseconds_until(Clock::time_point due) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

FileWatch::FileWatch(Paths paths, Fingerprints seen, Hooks hooks)
    : paths_(std::move(paths)), seen_(std::move(seen)), hooks_(std::move(hooks)) {}

FileWatch::~FileWatch() {
    stop();
}

void FileWatch::start() {
    end_ = ::eventfd(0, EFD_CLOEXEC);
    if (end_ < 0)
        throw std::system_error(errno, std::generic_category(), "eventfd");
    events_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (events_ < 0)
        tell("inotify", errno);
    place();
    pace_.event(Clock::now());  // there may have been some since `seen`
    thread_ = std::thread([this] { run(); });
}

void FileWatch::stop() {
    if (!thread_.joinable())
        return;
    ::eventfd_write(end_, 1);
    thread_.join();
    ::close(end_);
    if (events_ >= 0)
        ::close(events_);
}

void FileWatch::run() {
    ::pthread_setname_np(::pthread_self(), "files");
    while (true) {
        std::array<pollfd, 2> ready{{{.fd = end_, .events = POLLIN, .revents = 0},
                                     {.fd = events_, .events = POLLIN, .revents = 0}}};
        ::poll(ready.data(), ready.size(), milliseconds_until(pace_.due()));
        if (ready[0].revents != 0)
            return;
        if (ready[1].revents != 0) {
            drop_events();
            pace_.event(Clock::now());
        }
        if (Clock::now() >= pace_.due())
            look();
    }
}

/// What happened is not asked, nor whether the queue ran over: any event is a reason to look.
void FileWatch::drop_events() const {
    std::array<char, 16 * 1024> some{};
    [[maybe_unused]] const auto size = ::read(events_, some.data(), some.size());
}

/// The watches first: what changes after the look has its event.
void FileWatch::look() {
    place();
    pace_.looked(Clock::now());
    auto now = fingerprints_of(paths_());
    if (now == seen_)
        return;
    seen_ = std::move(now);
    hooks_.changed();
}

/// Again, until the way that was walked is the way that is watched: a link may change in between.
void FileWatch::place() {
    for (int tries = 0; tries < replacements && place_once(); ++tries) {
    }
}

/// True when any watch is new.
bool FileWatch::place_once() {
    std::set<std::filesystem::path> places;
    for (const auto& path : paths_())
        places.merge(places_of(path));
    std::set<int> placed;
    for (const auto& place : places) {
        if (const int watch = add(place); watch >= 0)
            placed.insert(watch);
    }
    std::swap(placed, placed_);
    for (const int old : placed) {
        if (!placed_.contains(old))
            ::inotify_rm_watch(events_, old);
    }
    return placed != placed_;
}

int FileWatch::add(const std::string& place) {
    const int watch = ::inotify_add_watch(events_, place.c_str(), mask);
    if (watch < 0 && errno != ENOENT && errno != ENOTDIR)  // gone: its folder is watched
        tell(place, errno);
    return watch;
}

void FileWatch::tell(const std::string& what, int error) {
    if (!std::exchange(troubled_, true))
        hooks_.trouble("changes of files may be seen after 30 s only: cannot watch " + what + ": " +
                       std::generic_category().message(error));
}

}  // namespace beta::runtime

#include "beta/tor/managed.hpp"

#include "beta/torctl/log_line.hpp"

#include "child.hpp"
#include "keeper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace beta::tor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t longest_line = 4096;  // of tor's log; more is cut

std::unexpected<std::string> fault(const std::string& what) {
    return std::unexpected(what + ": " + std::generic_category().message(errno));
}

/// tor keeps its keys in there, and its control port trusts whoever can read the cookie.
std::expected<void, std::string> own_folder(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return fault("tor.data: cannot make the folder " + path);
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0)
        return fault("tor.data: cannot look at " + path);
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 077) != 0)
        return std::unexpected("tor.data: " + path +
                               " must be a folder of this user alone; chmod 700 it");
    return {};
}

/// Under another name first, so that tor never reads half of it.
std::expected<void, std::string> write_file(const std::string& path, std::string_view text) {
    const std::string draft = path + ".new";
    ::unlink(draft.c_str());
    const net::Descriptor file(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file ||
        ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::rename(draft.c_str(), path.c_str()) != 0)
        return fault("tor.data: cannot write " + path);
    return {};
}

void log(telemetry::EventLog& events, const torctl::LogLine& line) {
    using Severity = torctl::LogLine::Severity;
    switch (line.severity) {
        case Severity::notice:
            return events.info("tor says", {{"tor", line.text}});
        case Severity::warn:
            return events.warn("tor warns", {{"tor", line.text}});
        case Severity::error:
            return events.error("tor fails", {{"tor", line.text}});
    }
}

}  // namespace

Managed::Managed(ManagedSettings settings, telemetry::EventLog& events)
    : settings_(std::move(settings)), events_(events), stop_(::eventfd(0, EFD_CLOEXEC)) {
    if (!stop_)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

Managed::~Managed() {
    stop();
}

std::expected<void, std::string> Managed::prepare() const {
    if (::access(settings_.binary.c_str(), X_OK) != 0)
        return fault("tor.binary: cannot run " + settings_.binary);
    return own_folder(settings_.tor.folder);
}

/// The torrc is the keeper's too: who may write it may have tor run what it likes.
std::expected<void, std::string> Managed::leave_to_keeper() {
    auto keeper = Keeper::fork([this] { return spawn(); });
    if (!keeper)
        return std::unexpected(std::move(keeper.error()));
    keeper_ = std::make_unique<Keeper>(std::move(*keeper));
    return {};
}

void Managed::start() {
    thread_ = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "tor");
        run();
    });
}

void Managed::stop() {
    if (!thread_.joinable())
        return;
    ::eventfd_write(stop_.get(), 1);
    thread_.join();
}

std::string Managed::words() const {
    const std::scoped_lock lock(mutex_);
    return words_;
}

void Managed::say(std::string words) {
    const std::scoped_lock lock(mutex_);
    words_ = std::move(words);
}

void Managed::run() {
    auto pause = settings_.first_pause;
    for (;;) {
        const auto began = steady_clock::now();
        if (!live())
            return say("tor was ended with the sidecar");
        if (steady_clock::now() - began >= settings_.settled)
            pause = settings_.first_pause;
        events_.warn("tor is started again after a pause",
                     {{"pause_ms", std::to_string(pause.count())}, {"why", words()}});
        if (!rest(pause))
            return;
        pause = std::min(pause * 2, settings_.longest_pause);
    }
}

/// False when stop() was called meanwhile.
bool Managed::rest(milliseconds pause) const {
    pollfd watch{.fd = stop_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&watch, 1, static_cast<int>(pause.count())) == 0;
}

std::expected<Child, std::string> Managed::spawn() const {
    if (auto prepared = prepare(); !prepared)
        return std::unexpected(std::move(prepared.error()));
    const auto torrc = settings_.tor.torrc();
    if (auto written = write_file(torrc, torctl::write_torrc(settings_.tor, settings_.extra));
        !written)
        return std::unexpected(std::move(written.error()));
    return Child::spawn({settings_.binary, "--defaults-torrc", "/dev/null", "-f", torrc});
}

bool Managed::live() {
    return keeper_ ? attend(keeper_->start()) : attend(spawn());
}

template <class Started>
bool Managed::attend(std::expected<Started, std::string> child) {
    if (!child) {
        say("tor cannot be started: " + child.error());
        return true;
    }
    pid_ = child->pid();
    say("tor runs, pid " + std::to_string(child->pid()));
    events_.info("tor started", {{"pid", std::to_string(child->pid())}});
    const bool ended_itself = listen(child->ended(), child->output());
    if (!ended_itself)
        child->end(settings_.end_time);
    const std::string how = child->reap();
    pid_ = 0;
    say("tor ended by itself, " + how);
    return ended_itself;
}

/// Until it has ended (true) or stop() was called.
bool Managed::listen(int ended, int output) {
    std::string text;
    std::array<char, 4096> block{};
    for (bool talks = true;;) {
        std::array<pollfd, 3> watch{
            {{stop_.get(), POLLIN, 0}, {ended, POLLIN, 0}, {talks ? output : -1, POLLIN, 0}}};
        if (::poll(watch.data(), watch.size(), -1) < 0)
            continue;  // EINTR
        if (watch[0].revents != 0)
            return false;
        if (watch[2].revents != 0) {
            const ssize_t got = ::read(output, block.data(), block.size());
            talks = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
            if (got > 0)
                hear(text.append(block.data(), static_cast<std::size_t>(got)));
            continue;  // its last words before its end
        }
        if (watch[1].revents != 0)
            return true;
    }
}

/// Takes whole lines out of `text`.
void Managed::hear(std::string& text) const {
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        log(events_, torctl::read_log_line(std::string_view(text).substr(0, end)));
        text.erase(0, end + 1);
    }
    if (text.size() > longest_line)
        text.clear();
}

}  // namespace beta::tor

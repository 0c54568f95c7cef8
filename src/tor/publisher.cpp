#include "beta/tor/publisher.hpp"

#include "beta/torctl/command.hpp"
#include "beta/torctl/onion_keys.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace beta::tor {
namespace {

using Clock = std::chrono::steady_clock;

std::expected<torctl::Command, std::string> add_command(const Publisher::Service& service) {
    auto key = torctl::OnionKey::parse(service.onion.key.disclose_for_tor().disclose());
    if (!key)
        return std::unexpected(std::string(sentence(key.error())));
    torctl::NewOnion onion{
        .key = std::move(*key),
        .ports = {{.virtual_port = service.virtual_port, .target = service.target}}};
    for (const auto& client : service.onion.clients) {
        auto parsed = torctl::ClientPublicKey::parse(client);
        if (!parsed)
            return std::unexpected(std::string(sentence(parsed.error())));
        onion.clients.push_back(std::move(*parsed));
    }
    auto command = torctl::Command::add_onion(onion);
    if (!command)
        return std::unexpected(std::string(sentence(command.error())));
    return std::move(*command);
}

/// Of a fetch the same is told: who calls our onion by the same tor makes one (control-spec
/// §4.1.25).
bool is_failed_upload(const torctl::Descriptor& descriptor) {
    return descriptor.action == torctl::Descriptor::Action::failed &&
           (descriptor.reason == "UPLOAD_REJECTED" || descriptor.reason == "UNEXPECTED");
}

}  // namespace

Publisher::Publisher(Control& control, std::vector<Service> services, telemetry::EventLog& events)
    : control_(control), events_(events) {
    for (auto& service : services) {
        auto address = service.onion.key.address();
        entries_.push_back({std::move(service), Publication(std::move(address))});
    }
}

Publisher::~Publisher() {
    stop();
}

void Publisher::start() {
    thread_ = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "publisher");
        run();
    });
}

void Publisher::stop() {
    if (!thread_.joinable())
        return;
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

/// Asks what is due, and sleeps until more is.
void Publisher::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (const auto next = ask_what_is_due())
            changed_.wait_until(lock, *next);
        else
            changed_.wait(lock);
    }
}

std::optional<Publication::Time> Publisher::ask_what_is_due() {
    std::optional<Publication::Time> next;
    for (auto& entry : entries_) {
        const auto due = entry.publication.due();
        if (due && *due <= Clock::now())
            add(entry);
        else if (due)
            next = next ? std::min(*next, *due) : *due;
    }
    return next;
}

/// Control calls back later, from its own thread: the lock may be held here.
void Publisher::add(Entry& entry) {
    entry.publication.asked(Clock::now());
    auto command = add_command(entry.service);
    if (!command)
        return entry.publication.answered(std::unexpected(command.error()), Clock::now());
    control_.ask(std::move(*command), [this, &entry](const auto& answer) {
        change([&](Entry& one) {
            if (&one == &entry)
                one.publication.answered(answer, Clock::now());
        });
    });
}

/// Applies to every entry, logs what became of them, and lets the thread look at what is due.
void Publisher::change(const std::function<void(Entry&)>& what) {
    const std::scoped_lock lock(mutex_);
    for (auto& entry : entries_) {
        const auto before = entry.publication.words();
        const bool was_published = entry.publication.is_published();
        what(entry);
        const auto after = entry.publication.words();
        if (after == before)
            continue;
        const telemetry::EventLog::Fields fields{{"plane", entry.service.onion.plane.view()},
                                                 {"onion", after}};
        if (entry.publication.is_published() || !was_published)
            events_.info("onion service", fields);
        else
            events_.warn("onion service", fields);
    }
    changed_.notify_all();
}

/// What is asked next goes to tor behind this.
bool Publisher::publish_again(const model::OnionAddress& onion, Publication::Time now) {
    bool is_told = false;
    change([&](Entry& entry) {
        if (entry.publication.address() != onion || !entry.publication.may_be_stale(now))
            return;
        is_told = true;
        control_.ask(torctl::Command::del_onion(onion), [](const auto&) {});
        entry.publication.dropped(Clock::now());
    });
    return is_told;
}

void Publisher::control_ready() {
    change([](Entry& entry) { entry.publication.control_ready(Clock::now()); });
}

void Publisher::control_lost() {
    change([](Entry& entry) { entry.publication.control_lost(); });
}

void Publisher::heard(const torctl::Event& event) {
    const auto* const descriptor = std::get_if<torctl::Descriptor>(&event);
    if (descriptor == nullptr || !descriptor->onion)
        return;
    change([&](Entry& entry) {
        if (entry.publication.address() != *descriptor->onion)
            return;
        if (descriptor->action == torctl::Descriptor::Action::uploaded)
            entry.publication.uploaded(Clock::now());
        else if (is_failed_upload(*descriptor))
            entry.publication.upload_failed(descriptor->reason);
    });
}

std::vector<Publisher::Seen> Publisher::seen() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Seen> all;
    const auto now = Clock::now();
    const auto told = control_.state();
    for (const auto& [service, publication] : entries_) {
        Seen one{.plane = service.onion.plane.str(),
                 .is_published = publication.is_published(),
                 .descriptor_age = {},
                 .introductions = {},
                 .words = publication.words()};
        if (const auto upload = publication.last_upload())
            one.descriptor_age = std::chrono::duration_cast<std::chrono::seconds>(now - *upload);
        const auto known = told->published.find(publication.address());
        if (known != told->published.end())
            one.introductions = known->second.introductions;
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace beta::tor

#include "beta/app/audit.hpp"

#include "beta/telemetry/build_info.hpp"

#include <unistd.h>

#include <filesystem>
#include <utility>

namespace beta::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t least_key = 32;  // bytes: as long as the hash

std::string_view yes(bool flag) noexcept {
    return flag ? "true" : "false";
}

std::string_view certificate_of(const Loaded& loaded) noexcept {
    return loaded.credentials ? std::string_view(loaded.credentials->fingerprint())
                              : std::string_view{};
}

std::string_view identity_of(const Loaded& loaded) noexcept {
    return loaded.credentials ? std::string_view(loaded.credentials->id()) : "by listener";
}

model::Diagnostics no_key(const std::string& file, std::string message) {
    return {{.file = file, .message = std::move(message), .code = "AUDIT_KEY"}};
}

}  // namespace

std::expected<audit::Seal, model::Diagnostics> audit_seal(const std::string& key_file) {
    if (key_file.empty())
        return audit::Seal{};
    std::error_code error;
    constexpr auto others = fs::perms::group_all | fs::perms::others_all;
    const auto permissions = fs::status(key_file, error).permissions();
    if (!error && (permissions & others) != fs::perms::none)
        return std::unexpected(
            no_key(key_file,
                   "group or world may read the audit log's key; chmod 600 makes it its owner's"));
    auto text = read_file(key_file);
    if (!text)
        return std::unexpected(model::Diagnostics{std::move(text.error())});
    while (text->ends_with('\n') || text->ends_with('\r'))
        text->pop_back();
    if (text->size() < least_key)
        return std::unexpected(
            no_key(key_file,
                   "the audit log's key must be 32 bytes or more, as `openssl rand -hex "
                   "32` writes them"));
    return audit::Seal(model::SecretText(std::move(*text)));
}

Audit::~Audit() {
    if (writer_ && is_started_)
        writer_->record("stop", {{"clean", yes(is_clean_)}});
}

model::Diagnostics Audit::open() {
    const auto& audit = config_.audit;
    if (audit.file.empty())
        return {};
    auto seal = audit_seal(audit.key);
    if (!seal)
        return std::move(seal.error());
    writer_ = std::make_unique<telemetry::AuditWriter>(
        telemetry::AuditWriter::Settings{
            .path = audit.file, .required = audit.required, .queue_lines = audit.queue_records},
        std::move(*seal), events_);
    return {};
}

void Audit::start(const Loaded& loaded) {
    if (!writer_)
        return;
    is_started_ = true;
    writer_->record("start", {{"service", config_.service.view()},
                              {"plane", config_.plane.view()},
                              {"version", telemetry::build_info().version},
                              {"pid", std::to_string(::getpid())},
                              {"policy", loaded.policy->digest()},
                              {"directory", loaded.directory->digest()},
                              {"identity", identity_of(loaded)},
                              {"certificate", certificate_of(loaded)},
                              {"required", yes(config_.audit.required)},
                              {"allowed", yes(config_.audit.allowed)},
                              {"sealed_by", config_.audit.key.empty() ? "hash" : "key"}});
    writer_->start();
}

void Audit::changed(const Loaded& before, const Loaded& now, std::string_view cause) {
    if (!writer_)
        return;
    const auto tell = [&](std::string_view event, std::string_view from, std::string_view to) {
        if (from != to)
            writer_->record(event, {{"cause", cause}, {"before", from}, {"now", to}});
    };
    tell("policy", before.policy->digest(), now.policy->digest());
    tell("directory", before.directory->digest(), now.directory->digest());
    tell("identity", certificate_of(before), certificate_of(now));
}

void Audit::refused(std::string_view why, std::string_view cause) {
    if (writer_)
        writer_->record("reload_refused", {{"cause", cause}, {"why", why}});
}

void Audit::draining() {
    if (writer_)
        writer_->record("draining", {});
}

bool Audit::reopen() {
    if (!writer_)
        return false;
    events_.info("audit log: its file is opened anew", {{"file", config_.audit.file}});
    writer_->reopen();
    return true;
}

Watch::Also Audit::shown() const {
    return {.checks =
                [this](std::vector<admin::Check>& checks) {
                    auto state = writer_->state();
                    checks.push_back({.name = "audit",
                                      .ok = state.is_written,
                                      .words = std::move(state.words),
                                      .needed = config_.audit.required});
                },
            .facts =
                [this](telemetry::Facts& facts) {
                    const auto state = writer_->state();
                    facts.audit = telemetry::AuditFacts{.is_written = state.is_written,
                                                        .records = state.records,
                                                        .dropped = state.dropped};
                }};
}

}  // namespace beta::app

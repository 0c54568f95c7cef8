#include "support/fake_control.hpp"

#include "beta/model/digest.hpp"
#include "beta/torctl/authentication.hpp"
#include "beta/torctl/quoted.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace beta::testing {
namespace {

const std::string ok = "250 OK\r\n";
const std::string server_nonce(32, 's');

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out.append({digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

std::string from_hex(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    return out;
}

/// A control connection may be silent for as long as it likes.
std::string receive(Socket& client) {
    for (;;) {
        try {
            return client.receive();
        } catch (const TimedOut&) {
            continue;
        }
    }
}

}  // namespace

FakeControl::FakeControl(Tor tor, std::uint16_t port)
    : tor_(std::move(tor)),
      info_{{"status/bootstrap-phase", "NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY=\"Done\""},
            {"status/circuit-established", "1"},
            {"network-liveness", "up"},
            {"circuit-status", ""}},
      server_([this](Socket& client, std::size_t) { serve(client); }, port) {}

void FakeControl::set_info(const std::string& key, const std::string& value) {
    const std::lock_guard lock(mutex_);
    info_[key] = value;
}

void FakeControl::set_fault(const std::string& verb, const Fault& fault) {
    const std::lock_guard lock(mutex_);
    faults_[verb] = fault;
}

void FakeControl::clear_faults() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
}

void FakeControl::answer_byte_by_byte() {
    const std::lock_guard lock(mutex_);
    byte_by_byte_ = true;
}

void FakeControl::say(const std::string& bytes) {
    const std::lock_guard lock(mutex_);
    for (auto* const client : listening_) {
        try {
            send(*client, bytes);
        } catch (const Reset&) {
            continue;  // it is just leaving
        }
    }
}

/// With the mutex held.
void FakeControl::send(Socket& client, std::string_view bytes) {
    const std::size_t piece = byte_by_byte_ ? 1 : bytes.size();
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
        client.send(bytes.substr(0, piece));
}

void FakeControl::serve(Socket& client) {
    Conversation conversation;
    std::string buffer;
    try {
        for (bool open = true; open;) {
            const auto bytes = receive(client);
            buffer += bytes;
            open = !bytes.empty();
            for (auto end = buffer.find("\r\n"); open && end != buffer.npos;
                 end = buffer.find("\r\n")) {
                const auto line = buffer.substr(0, end);
                buffer.erase(0, end + 2);
                open = answer(client, conversation, line);
            }
        }
    } catch (const Reset&) {
        buffer.clear();  // whoever leaves in a hurry is no error of the test
    }
    const std::lock_guard lock(mutex_);
    listening_.erase(&client);
}

/// False when the conversation ends here.
bool FakeControl::answer(Socket& client, Conversation& conversation, const std::string& line) {
    const auto verb = line.substr(0, line.find(' '));
    std::unique_lock lock(mutex_);
    const auto found = faults_.find(verb);
    const Fault fault = found == faults_.end() ? Fault{} : found->second;
    lock.unlock();
    commands_.add(line);
    if (fault.stall != nullptr)
        fault.stall->pass();
    if (fault.close)
        return false;
    lock.lock();
    const auto right = right_answer(conversation, line);
    if (conversation.is_authenticated)
        listening_.insert(&client);
    send(client, fault.instead.value_or(right));
    return !right.starts_with("51");  // tor closes after a failure of authentication
}

std::string FakeControl::right_answer(Conversation& conversation, const std::string& line) {
    const std::string verb = line.substr(0, line.find(' '));
    const auto rest = std::string_view(line).substr(std::min(line.size(), verb.size() + 1));
    if (verb == "PROTOCOLINFO")
        return "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=" + tor_.methods +
               " COOKIEFILE=" + torctl::quoted(tor_.cookie_file) +
               "\r\n250-VERSION Tor=\"0.4.9.11\"\r\n" + ok;
    if (verb == "AUTHENTICATE")
        return authenticate(conversation, rest);
    if (verb == "AUTHCHALLENGE") {
        conversation.nonces = from_hex(rest.substr(rest.find(' ') + 1)) + server_nonce;
        return "250 AUTHCHALLENGE SERVERHASH=" +
               hex(torctl::server_hash(tor_.cookie, conversation.nonces)) +
               " SERVERNONCE=" + hex(server_nonce) + "\r\n";
    }
    if (!conversation.is_authenticated)
        return "514 Authentication required.\r\n";
    return verb == "GETINFO" ? info(rest) : ok;
}

std::string FakeControl::authenticate(Conversation& conversation, std::string_view proof) const {
    const bool is_null = tor_.methods == "NULL" && proof.empty();
    const bool is_password = !tor_.password.empty() && proof == torctl::quoted(tor_.password);
    const bool is_cookie =
        tor_.methods == "COOKIE" && !tor_.cookie.empty() && proof == hex(tor_.cookie);
    const bool is_safe = !conversation.nonces.empty() &&
                         proof == hex(torctl::client_hash(tor_.cookie, conversation.nonces));
    conversation.is_authenticated = is_null || is_password || is_cookie || is_safe;
    return conversation.is_authenticated ? ok : "515 Authentication failed: no.\r\n";
}

std::string FakeControl::info(std::string_view keys) const {
    std::string reply;
    while (!keys.empty()) {
        const auto key = keys.substr(0, keys.find(' '));
        keys.remove_prefix(std::min(keys.size(), key.size() + 1));
        const auto value = info_.find(key);
        if (value == info_.end())
            return "552 Unrecognized key \"" + std::string(key) + "\"\r\n";
        reply += "250-" + value->first + "=" + value->second + "\r\n";
    }
    return reply + ok;
}

}  // namespace beta::testing

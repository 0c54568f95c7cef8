#include "support/fake_tor.hpp"

#include <stdexcept>
#include <system_error>
#include <thread>

namespace beta::testing {
namespace {

using namespace std::string_literals;

constexpr std::uint8_t descriptor_not_found = 0xF0;
constexpr std::uint8_t general_failure = 0x01;

void expect(const std::string& got, const std::string& due, const char* what) {
    if (got != due)
        throw std::runtime_error("not the "s + what + " of RFC 1928 and 1929");
}

std::string read_field(MessageReader& reader) {
    const std::string size = reader.exactly(1);
    return reader.exactly(static_cast<unsigned char>(size[0]));
}

std::string reply(std::uint8_t code) {
    return "\x05"s + static_cast<char>(code) + "\x00\x01\x00\x00\x00\x00\x00\x00"s;
}

std::optional<Socket> try_connect(std::uint16_t port) {
    try {
        return Socket::connect(port);
    } catch (const std::system_error&) {
        return std::nullopt;
    }
}

/// Copies until either side ends, then ends both: an END cell closes a Tor stream in both
/// directions.
void pump(Socket& from, Socket& to) {
    try {
        for (std::string bytes = from.receive(); !bytes.empty(); bytes = from.receive())
            to.send(bytes);
        to.interrupt();
    } catch (const std::exception&) {
        to.interrupt();  // a reset ends a stream like any other end
    }
    from.interrupt();
}

void relay(Socket& client, Socket& backend) {
    std::thread answers([&] { pump(backend, client); });
    pump(client, backend);
    answers.join();
}

}  // namespace

FakeTor::FakeTor(std::uint16_t port)
    : server_([this](Socket& client, std::size_t) { serve(client); }, port) {}

void FakeTor::route(const std::string& domain, std::uint16_t port, std::uint16_t backend_port) {
    const std::lock_guard lock(mutex_);
    routes_[{domain, port}] = backend_port;
    refusals_.erase({domain, port});
}

void FakeTor::refuse(const std::string& domain, std::uint16_t port, std::uint8_t code) {
    const std::lock_guard lock(mutex_);
    refusals_[{domain, port}] = code;
}

void FakeTor::set_fault(Step step, const Fault& fault) {
    const std::lock_guard lock(mutex_);
    faults_[step] = fault;
}

void FakeTor::clear_faults() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
    byte_by_byte_ = false;
}

void FakeTor::answer_byte_by_byte() {
    const std::lock_guard lock(mutex_);
    byte_by_byte_ = true;
}

void FakeTor::serve(Socket& client) {
    MessageReader reader(client);
    bool alive = true;
    const Request request = read_request(reader, client, alive);
    if (!alive)
        return;
    requests_.add(request);
    connect(client, request);
}

FakeTor::Request FakeTor::read_request(MessageReader& reader, Socket& client, bool& alive) {
    Request request;
    expect(reader.exactly(3), "\x05\x01\x02"s, "greeting");
    alive = answer(client, Step::method, "\x05\x02"s);
    if (!alive)
        return request;
    expect(reader.exactly(1), "\x01"s, "credentials");
    request.user = read_field(reader);
    request.password = read_field(reader);
    alive = answer(client, Step::credentials, "\x01\x00"s);
    if (!alive)
        return request;
    expect(reader.exactly(4), "\x05\x01\x00\x03"s, "request for a domain name");
    request.domain = read_field(reader);
    const std::string port = reader.exactly(2);
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(port[at]); };
    request.port = static_cast<std::uint16_t>(byte(0) << 8 | byte(1));
    request.early = reader.rest();
    if (!request.early.empty() && !request.early.starts_with("\x16\x03"s))
        throw std::runtime_error("neither silence nor TLS before the reply");
    return request;
}

/// False when the handshake ends here.
bool FakeTor::answer(Socket& client, Step step, std::string right) {
    std::unique_lock lock(mutex_);
    const Fault fault = faults_.contains(step) ? faults_.at(step) : Fault();
    const bool byte_by_byte = byte_by_byte_;
    lock.unlock();

    if (fault.stall != nullptr)
        fault.stall->pass();
    if (fault.reset)
        client.reset();
    if (fault.reset || fault.close)
        return false;
    right = fault.instead.value_or(right + fault.after);
    const std::size_t piece = byte_by_byte ? 1 : right.size();
    for (std::size_t at = 0; at < right.size(); at += piece)
        client.send(std::string_view(right).substr(at, piece));
    if (fault.instead)
        client.receive();  // until the client gives up: an unanswered end would be another fault
    return !fault.instead;
}

void FakeTor::connect(Socket& client, const Request& request) {
    const Destination destination{request.domain, request.port};
    std::unique_lock lock(mutex_);
    const auto refusal = refusals_.find(destination);
    const auto route = routes_.find(destination);
    std::uint8_t code = refusal != refusals_.end() ? refusal->second : std::uint8_t{0};
    const std::uint16_t backend_port = route != routes_.end() ? route->second : std::uint16_t{0};
    lock.unlock();

    auto backend = code == 0 && backend_port != 0 ? try_connect(backend_port) : std::nullopt;
    if (code == 0 && !backend)  // the second is what tor says of a closed port behind a service
        code = backend_port == 0 ? descriptor_not_found : general_failure;
    if (!answer(client, Step::reply, reply(code)) || !backend)
        return;
    if (!request.early.empty())
        backend->send(request.early);
    relay(client, *backend);
}

}  // namespace beta::testing

#include "support/fake_upstream.hpp"

#include <algorithm>
#include <utility>

namespace beta::testing {

Script& Script::read_request() {
    steps_.emplace_back([](Stage& stage) { stage.requests.add(stage.reader.request()); });
    return *this;
}

Script& Script::read_until(std::string mark) {
    steps_.emplace_back([mark = std::move(mark)](Stage& stage) { stage.reader.until(mark); });
    return *this;
}

Script& Script::read_exactly(std::size_t size) {
    steps_.emplace_back([size](Stage& stage) { stage.reader.exactly(size); });
    return *this;
}

Script& Script::read_to_end() {
    steps_.emplace_back([](Stage& stage) { stage.reader.to_end(); });
    return *this;
}

Script& Script::send(std::string bytes) {
    steps_.emplace_back([bytes = std::move(bytes)](Stage& stage) { stage.socket.send(bytes); });
    return *this;
}

Script& Script::send_byte_by_byte(std::string bytes) {
    steps_.emplace_back([bytes = std::move(bytes)](Stage& stage) {
        for (const char& byte : bytes)
            stage.socket.send({&byte, 1});
    });
    return *this;
}

Script& Script::pass(Gate& gate) {
    steps_.emplace_back([&gate](Stage&) { gate.pass(); });
    return *this;
}

Script& Script::half_close() {
    steps_.emplace_back([](Stage& stage) { stage.socket.half_close(); });
    return *this;
}

Script& Script::close() {
    steps_.emplace_back([](Stage& stage) { stage.socket.close(); });
    return *this;
}

Script& Script::reset() {
    steps_.emplace_back([](Stage& stage) { stage.socket.reset(); });
    return *this;
}

FakeUpstream::FakeUpstream(const std::string& body)
    : FakeUpstream([answer = ok(body)](const Message&) { return answer; }) {}

FakeUpstream::FakeUpstream(Handler handler) : FakeUpstream(serve_by(std::move(handler))) {}

FakeUpstream::FakeUpstream(std::vector<Script> scripts)
    : FakeUpstream(serve_by(std::move(scripts))) {}

FakeUpstream::FakeUpstream(Serve serve)
    : serve_(std::move(serve)),
      server_([this](Socket& socket, std::size_t index) { run(socket, index); }) {}

std::string FakeUpstream::received(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    const auto found = received_.find(index);
    return found == received_.end() ? "" : found->second;
}

FakeUpstream::Serve FakeUpstream::serve_by(Handler handler) {
    return [handler = std::move(handler)](Script::Stage& stage, std::size_t) {
        bool close = false;
        while (!close && !stage.reader.at_end()) {
            const Message request = stage.reader.request();
            stage.requests.add(request);
            const std::string answer = handler(request);
            stage.socket.send(answer);
            close = request.field("Connection") == "close" ||
                    Message{.head = answer}.field("Connection") == "close";
        }
    };
}

FakeUpstream::Serve FakeUpstream::serve_by(std::vector<Script> scripts) {
    return [scripts = std::move(scripts)](Script::Stage& stage, std::size_t index) {
        for (const auto& step : scripts.at(std::min(index, scripts.size() - 1)).steps_)
            step(stage);
    };
}

void FakeUpstream::run(Socket& socket, std::size_t index) {
    MessageReader reader(socket);
    const auto keep = [&] {
        const std::lock_guard lock(mutex_);
        received_[index] = reader.received();
    };
    Script::Stage stage{socket, reader, requests_};
    try {
        serve_(stage, index);
    } catch (...) {
        keep();
        throw;
    }
    keep();
}

std::string ok(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace beta::testing

#include "support/client.hpp"

namespace beta::testing {

void Client::send_byte_by_byte(std::string_view bytes) {
    for (const char& byte : bytes)
        socket_.send({&byte, 1});
}

Message Client::ask(std::string_view request) {
    send(request);
    return response();
}

Client::End Client::end() {
    try {
        to_end();
        return End::closed;
    } catch (const Reset&) {
        return End::reset;
    }
}

}  // namespace beta::testing

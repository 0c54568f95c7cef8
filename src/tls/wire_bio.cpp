#include "wire_bio.hpp"

#include <new>
#include <span>

namespace beta::tls {
namespace {

WireState& state_of(BIO* bio) noexcept {
    return *static_cast<WireState*>(BIO_get_data(bio));
}

int read(BIO* bio, char* into, int size) {
    auto& state = state_of(bio);
    BIO_clear_retry_flags(bio);
    if (state.refuses)
        return -1;
    const auto result = state.wire->receive(std::span(into, static_cast<std::size_t>(size)));
    switch (result.state) {
        case net::IoState::ok:
            state.starved = false;
            return static_cast<int>(result.bytes);
        case net::IoState::would_block:
            state.starved = true;
            BIO_set_retry_read(bio);
            return -1;
        case net::IoState::end:
            state.at_end = true;
            return 0;
        case net::IoState::error:
            break;
    }
    return -1;
}

int write(BIO* bio, const char* bytes, int size) {
    auto& state = state_of(bio);
    BIO_clear_retry_flags(bio);
    try {
        state.gathered->append(bytes, static_cast<std::size_t>(size));
    } catch (const std::bad_alloc&) {
        return -1;
    }
    return size;
}

long control(BIO* bio, int command, long, void*) {
    switch (command) {
        case BIO_CTRL_FLUSH:
        case BIO_CTRL_DUP:
            return 1;
        case BIO_CTRL_EOF:
            return state_of(bio).at_end ? 1 : 0;
        default:
            return 0;
    }
}

/// Lives as long as the process.
const BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
        BIO_METHOD* const it = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
        if (it == nullptr)
            throw std::bad_alloc();
        BIO_meth_set_read(it, read);
        BIO_meth_set_write(it, write);
        BIO_meth_set_ctrl(it, control);
        return it;
    }();
    return made;
}

}  // namespace

Owned<BIO> make_wire_bio(WireState& state) {
    Owned<BIO> bio(BIO_new(method()));
    if (!bio)
        throw std::bad_alloc();
    BIO_set_data(bio.get(), &state);
    BIO_set_init(bio.get(), 1);
    return bio;
}

}  // namespace beta::tls

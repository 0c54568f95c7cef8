#include "beta/model/known_by.hpp"

namespace beta::model {

std::string_view word(KnownBy known_by) noexcept {
    return known_by == KnownBy::certificate ? "certificate" : "listener";
}

std::optional<KnownBy> known_by(std::string_view word) noexcept {
    for (const KnownBy one : {KnownBy::certificate, KnownBy::listener})
        if (model::word(one) == word)
            return one;
    return std::nullopt;
}

}  // namespace beta::model

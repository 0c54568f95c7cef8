// Between the naive reading and the real one.
#pragma once

#include "beta/model/known_by.hpp"
#include "beta/proof/call.hpp"

#include "naive_yaml.hpp"
#include "sets.hpp"

namespace beta::proof::test {

inline std::string all_yaml(const std::vector<NaiveFile>& files) {
    std::string out;
    for (const NaiveFile& file : files)
        out += yaml(file);
    return out;
}

inline Policies parsed(const std::vector<NaiveFile>& files) {
    std::vector<std::string> texts;
    for (const NaiveFile& file : files)
        texts.push_back(yaml(file));
    return policies_of(texts);
}

inline model::KnownBy known_by(Knows knows) {
    return knows == Knows::service ? model::KnownBy::certificate : model::KnownBy::listener;
}

inline NaiveCall naive(const Call& call) {
    return {.from_plane = call.from_plane,
            .from_service = call.from_service,
            .to_plane = call.to_plane,
            .to_name = call.to_name,
            .method = call.method,
            .path = call.path,
            .tunnel = call.tunnel,
            .headers = call.headers,
            .callee_knows_service = call.callee_knows_service};
}

}  // namespace beta::proof::test

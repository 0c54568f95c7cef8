// Every call over the few words of random_sets.hpp, and one word beyond them of each kind.
#pragma once

#include "naive_invariant.hpp"

#include <bitset>
#include <set>

namespace beta::proof::test {

/// Method and path, or a tunnel: what is asked, whoever asks.
constexpr std::size_t most_asks = 160;
using Asks = std::bitset<most_asks>;

inline Words with(Words words, const std::string& beyond) {
    words.push_back(beyond);
    return words;
}

/// A `NaiveCall` for each ask; who and headers are empty.
inline const std::vector<NaiveCall>& every_ask() {
    static const auto all = [] {
        Words paths{"/"};
        Words longest{""};
        for (int depth = 1; depth <= 3; ++depth) {
            Words longer;
            for (const std::string& path : longest)
                for (const std::string& segment : with(segments, "z"))
                    longer.push_back(path + '/' + segment);
            for (const std::string& path : longer) {
                paths.push_back(path);
                if (depth < 3)
                    paths.push_back(path + '/');
            }
            longest = longer;
        }
        std::vector<NaiveCall> out;
        for (const std::string& method : with(methods, "PUT"))
            for (const std::string& path : paths)
                out.push_back({.from_plane = {},
                               .from_service = {},
                               .to_plane = {},
                               .to_name = {},
                               .method = method,
                               .path = path,
                               .headers = {}});
        NaiveCall tunnel;
        tunnel.method = "CONNECT";
        tunnel.tunnel = true;
        out.push_back(tunnel);
        return out;
    }();
    return all;
}

/// Who calls whom, of each pair, where callees know the service that calls or its plane alone.
inline const std::vector<NaiveCall>& every_pair(Knows knows) {
    static const auto list = [](bool certain) {
        std::vector<std::pair<std::string, std::string>> callers;
        for (const std::string& plane : with(planes, "moon"))
            for (const std::string& service : with(with(services, "c"), "d"))
                callers.emplace_back(plane, service);
        auto callees = callers;
        for (const std::string& host : with(hosts, "y"))
            callees.emplace_back("", host);
        std::vector<NaiveCall> out;
        for (const auto& [from_plane, from_service] : callers)
            for (const auto& [to_plane, to_name] : callees)
                out.push_back({.from_plane = from_plane,
                               .from_service = from_service,
                               .to_plane = to_plane,
                               .to_name = to_name,
                               .method = {},
                               .path = {},
                               .headers = {},
                               .callee_knows_service = certain});
        return out;
    };
    static const auto with_service = list(true);
    static const auto plane_alone = list(false);
    return knows == Knows::service ? with_service : plane_alone;
}

/// Every set of values of the headers that are named.
inline std::vector<NaiveCall> every_headers(const std::set<std::string>& names) {
    std::vector<NaiveCall> out(1);
    for (const std::string& name : names) {
        std::vector<NaiveCall> longer;
        for (const NaiveCall& call : out)
            for (unsigned chosen = 0; chosen < 16; ++chosen) {
                longer.push_back(call);
                const Words all = with(header_lines, "3");
                for (unsigned i = 0; i < 4; ++i)
                    if ((chosen >> i & 1) != 0)
                        longer.back().headers.emplace_back(name, all[i]);
            }
        out = std::move(longer);
    }
    return out;
}

template <class Fits>
Asks asks_that(Fits fits) {
    Asks out;
    for (std::size_t i = 0; i < every_ask().size(); ++i)
        out[i] = fits(every_ask()[i]);
    return out;
}

}  // namespace beta::proof::test

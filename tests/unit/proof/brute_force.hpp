// BruteForce: every call over a few words, held against a set of policies and an invariant.
#pragma once

#include "every_call.hpp"

#include <map>

namespace beta::proof::test {

/// Which names exist; without `known` all do.
struct Directory {
    std::map<std::string, std::string> services;  // name -> plane
    Words external;
    bool known = false;

    bool has(const NaiveCall& pair) const {
        if (!known)
            return true;
        const auto caller = services.find(pair.from_service);
        if (caller != services.end() && caller->second != pair.from_plane)
            return false;
        if (pair.to_plane.empty())
            return holds(external, pair.to_name);
        const auto callee = services.find(pair.to_name);
        return callee != services.end() && callee->second == pair.to_plane;
    }
};

class BruteForce {
  public:
    BruteForce(const std::vector<NaiveFile>& files, const Directory& directory, Knows knows)
        : files_(files), directory_(directory), pairs_(every_pair(knows)) {
        std::set<std::string> names;
        for (const NaiveFile& file : files)
            for (const NaiveRule& rule : file.rules)
                for (const auto& [name, values] : rule.headers)
                    names.insert(name);
        set_headers(names);
    }

    /// What the invariant speaks of, and whether that which does pass (or does not) breaks it.
    struct Answer {
        bool speaks = false;
        bool broken = false;
    };
    Answer ask(const NaiveInvariant& invariant) {
        std::set<std::string> names;
        note(invariant.what, names);
        for (const NaiveRegion& region : invariant.except)
            note(region, names);
        if (!std::ranges::includes(names_, names))
            set_headers(names);
        Answer answer;
        const Spoken spoken(invariant, headers_);
        for (std::size_t pair = 0; pair < pairs_.size() && !(answer.speaks && answer.broken);
             ++pair)
            look(invariant, spoken, pair, answer);
        return answer;
    }

  private:
    /// What the invariant says of asks, apart from who and headers.
    struct Spoken {
        Spoken(const NaiveInvariant& invariant, const std::vector<NaiveCall>& headers) {
            const bool always = invariant.kind == "always";
            what = asks(invariant.what, always);
            what_headers = fitting(invariant.what, headers, always);
            for (const NaiveRegion& region : invariant.except) {
                except.push_back(asks(region, false));
                except_headers.push_back(fitting(region, headers, true));
            }
        }
        static std::vector<bool> fitting(const NaiveRegion& region,
                                         const std::vector<NaiveCall>& headers, bool narrow) {
            std::vector<bool> out;
            for (const NaiveCall& call : headers)
                out.push_back(headers_fit(region, call, narrow));
            return out;
        }
        static Asks asks(const NaiveRegion& region, bool plain) {
            return asks_that([&](const NaiveCall& call) {
                if (plain && !region.tunnel && call.tunnel)
                    return false;
                return does(region.does, call) &&
                       region.tunnel.value_or(call.tunnel) == call.tunnel;
            });
        }
        Asks what;
        std::vector<Asks> except;
        std::vector<bool> what_headers;  // by number of the headers
        std::vector<std::vector<bool>> except_headers;
    };

    static void note(const NaiveRegion& region, std::set<std::string>& names) {
        for (const auto& [name, values] : region.headers)
            names.insert(name);
    }

    void set_headers(const std::set<std::string>& more) {
        names_.insert(more.begin(), more.end());
        headers_ = every_headers(names_);
        passing_.clear();
        for (const NaiveFile& file : files_)
            for (const NaiveRule& rule : file.rules)
                facts_[&rule] = {
                    .asks = asks_that([&](const NaiveCall& call) {
                        return (!rule.allows || rule.tunnel == call.tunnel) &&
                               std::ranges::any_of(
                                   rule.does, [&](const auto& one) { return does(one, call); });
                    }),
                    .headers = headers_that([&](const NaiveCall& call) {
                        return std::ranges::all_of(rule.headers, [&](const auto& header) {
                            return header_fits(rule, header.first, header.second, call);
                        });
                    })};
        for (const NaiveCall& pair : pairs_)
            passing_.push_back({.caller = side(pair, pair.from_plane, true),
                                .callee = side(pair, pair.to_plane, pair.callee_knows_service)});
    }

    template <class Fits>
    std::vector<bool> headers_that(Fits fits) const {
        std::vector<bool> out;
        for (const NaiveCall& call : headers_)
            out.push_back(fits(call));
        return out;
    }

    /// What one file lets through between these two, for each set of headers.
    std::vector<Asks> side(const NaiveCall& pair, const std::string& plane, bool service_known) {
        const NaiveFile* const file = file_of(files_, plane);
        Asks every;
        every.set();
        if (file == nullptr)  // whatever spoils the proof; see look()
            return std::vector(headers_.size(), every);
        std::vector<Asks> allowed(headers_.size());
        std::vector<Asks> denied(headers_.size());
        for (const NaiveRule& rule : file->rules) {
            if (!caller_fits(*file, rule, pair, service_known) || !callee_fits(*file, rule, pair))
                continue;
            if (rule.reports || (file->reports && !rule.allows))
                continue;
            const Facts& facts = facts_[&rule];
            for (std::size_t i = 0; i < headers_.size(); ++i)
                if (facts.headers[i])
                    (rule.allows ? allowed : denied)[i] |= facts.asks;
        }
        for (std::size_t i = 0; i < headers_.size(); ++i)
            allowed[i] = (file->reports ? every : allowed[i]) & ~denied[i];
        return allowed;
    }

    void look(const NaiveInvariant& invariant, const Spoken& spoken, std::size_t number,
              Answer& answer) const {
        const NaiveCall& pair = pairs_[number];
        if (!directory_.has(pair) || !decided(files_, pair, invariant.asked) ||
            !pair_fits(invariant, pair))
            return;
        for (std::size_t i = 0; i < headers_.size(); ++i) {
            const bool always = invariant.kind == "always";
            if (!spoken.what_headers[i])
                continue;
            Asks left = spoken.what;
            for (std::size_t k = 0; k < invariant.except.size(); ++k) {
                const NaiveRegion& region = invariant.except[k];
                if (side_fits(region.from, pair.from_plane, pair.from_service) &&
                    side_fits(region.to, pair.to_plane, pair.to_name) &&
                    spoken.except_headers[k][i])
                    left &= ~spoken.except[k];
            }
            if (!pair.to_plane.empty())
                left.reset(every_ask().size() - 1);  // tunnels lead outside
            Asks passes;
            passes.set();
            if (always && unknown(invariant.asked, pair))
                passes.reset();
            if (invariant.asked != Asked::callee)
                passes &= passing_[number].caller[i];
            if (invariant.asked != Asked::caller)
                passes &= passing_[number].callee[i];
            answer.speaks = answer.speaks || left.any();
            answer.broken = answer.broken || (left & (always ? ~passes : passes)).any();
        }
    }

    /// Whether a plane that is asked has no file.
    bool unknown(Asked asked, const NaiveCall& pair) const {
        return (asked != Asked::callee && file_of(files_, pair.from_plane) == nullptr) ||
               (asked != Asked::caller && !pair.to_plane.empty() &&
                file_of(files_, pair.to_plane) == nullptr);
    }

    static bool pair_fits(const NaiveInvariant& invariant, const NaiveCall& pair) {
        const bool from = side_fits(invariant.what.from, pair.from_plane, pair.from_service);
        return from != (invariant.kind == "only") &&
               side_fits(invariant.what.to, pair.to_plane, pair.to_name);
    }

    static bool headers_fit(const NaiveRegion& region, const NaiveCall& call, bool narrow) {
        NaiveRule rule;
        rule.allows = narrow;
        return std::ranges::all_of(region.headers, [&](const auto& header) {
            return header_fits(rule, header.first, header.second, call);
        });
    }

    struct Facts {
        Asks asks;
        std::vector<bool> headers;
    };
    struct Passing {
        std::vector<Asks> caller, callee;  // by number of the headers
    };

    const std::vector<NaiveFile>& files_;
    const Directory& directory_;
    const std::vector<NaiveCall>& pairs_;
    std::set<std::string> names_;
    std::vector<NaiveCall> headers_;
    std::map<const NaiveRule*, Facts> facts_;
    std::vector<Passing> passing_;  // by number of the pair
};

}  // namespace beta::proof::test

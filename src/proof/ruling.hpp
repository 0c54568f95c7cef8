// Ruling: the rules of a set of policies as boxes, and whether a call passes that some of them take
// in. Both sides of a call are asked, as in operation.
#pragma once

#include "beta/acl/policy.hpp"
#include "beta/model/known_by.hpp"
#include "beta/proof/box.hpp"
#include "beta/proof/policies.hpp"

#include "search.hpp"

#include <cstdint>
#include <vector>

namespace beta::proof {

/// What becomes of calls on planes without a file: a proof may not lean on a policy that nobody has
/// shown, so the one who asks names what would spoil it.
struct Unknown {
    bool passes = true;
    std::vector<std::string> closed = {};  // planes on which nothing passes all the same
};

class Ruling {
  public:
    /// Appends its boxes to `boxes`, which others may have begun.
    Ruling(const Policies& policies, model::KnownBy known_by, At at, const Unknown& unknown,
           std::vector<Box>& boxes);

    /// Whether a call passes that exactly these boxes take in.
    bool passes(Boxes boxes) const;
    /// False when no call passes that only some of these boxes take in.
    bool may_pass(Boxes boxes) const;

  private:
    enum class Effect : std::uint8_t { lets_through, blocks };
    struct Item {
        acl::Direction side;
        Effect effect;
    };

    void add(const acl::PolicyFile& file, const acl::Rule& rule, acl::Direction side,
             model::KnownBy known_by, std::vector<Box>& boxes);
    void add(Box box, acl::Direction side, Effect effect, std::vector<Box>& boxes);
    void assume(const Policies& policies, const Unknown& unknown, acl::Direction side,
                std::vector<Box>& boxes);
    const Item* item(std::uint32_t box) const noexcept;

    std::uint32_t first_;
    bool asks_egress_;
    bool asks_ingress_;
    std::vector<Item> items_;  // of box first_ + i
};

}  // namespace beta::proof

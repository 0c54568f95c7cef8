// IndexList: an ordered list of small integers with removal from the middle in constant time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace beta::upstream {

/// Doubly linked through one vector that grows to the largest index ever held. An index is in it at
/// most once. Not thread-safe.
class IndexList {
  public:
    using Index = std::uint32_t;

    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    bool contains(Index index) const noexcept {
        return index < links_.size() && links_[index].listed;
    }
    Index front() const noexcept { return front_; }  // precondition of both: not empty
    Index back() const noexcept { return back_; }

    void push_back(Index index) {
        if (index >= links_.size())
            links_.resize(std::size_t{index} + 1);
        links_[index] = {.before = back_, .after = none, .listed = true};
        (back_ == none ? front_ : links_[back_].after) = index;
        back_ = index;
        ++size_;
    }

    void remove(Index index) noexcept {
        if (!contains(index))
            return;
        const Link link = links_[index];
        (link.before == none ? front_ : links_[link.before].after) = link.after;
        (link.after == none ? back_ : links_[link.after].before) = link.before;
        links_[index].listed = false;
        --size_;
    }

    Index pop_front() noexcept {
        const Index index = front_;
        remove(index);
        return index;
    }

    Index pop_back() noexcept {
        const Index index = back_;
        remove(index);
        return index;
    }

  private:
    static constexpr Index none = std::numeric_limits<Index>::max();

    struct Link {
        Index before = none;
        Index after = none;
        bool listed = false;
    };

    std::vector<Link> links_;
    std::size_t size_ = 0;
    Index front_ = none;
    Index back_ = none;
};

}  // namespace beta::upstream

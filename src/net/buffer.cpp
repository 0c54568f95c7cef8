#include "beta/net/buffer.hpp"

#include <cstring>
#include <utility>

namespace beta::net {

BlockPool::Block BlockPool::take() {
    ++outstanding_;
    if (spare_.empty())
        return std::make_unique_for_overwrite<char[]>(block_bytes_);
    auto block = std::move(spare_.back());
    spare_.pop_back();
    return block;
}

void BlockPool::give(Block block) {
    --outstanding_;
    if (spare_.size() < spare_blocks)
        spare_.push_back(std::move(block));
}

std::span<char> Buffer::room() {
    if (!block_)
        block_ = pool_->take();
    // Move only when it is cheap (little data) or needed (no room): forwarding normally empties the
    // block.
    if (begin_ > 0 && (end_ == pool_->block_bytes() || end_ - begin_ < begin_)) {
        std::memmove(block_.get(), block_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    return {block_.get() + end_, pool_->block_bytes() - end_};
}

void Buffer::consume(std::size_t bytes) noexcept {
    begin_ += bytes;
    if (begin_ == end_)
        begin_ = end_ = 0;
}

void Buffer::release_if_empty() {
    if (empty())
        release();
}

void Buffer::release() {
    begin_ = end_ = 0;
    if (block_)
        pool_->give(std::exchange(block_, nullptr));
}

}  // namespace beta::net

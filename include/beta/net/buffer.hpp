// Buffer: bytes read and not yet forwarded, in a block borrowed from the worker's pool and given
// back when empty.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace beta::net {

/// Blocks of one size, last in first out so that the warm one is used next. One worker only.
class BlockPool {
  public:
    explicit BlockPool(std::size_t block_bytes) : block_bytes_(block_bytes) {}

    using Block = std::unique_ptr<char[]>;
    Block take();
    void give(Block block);
    std::size_t block_bytes() const noexcept { return block_bytes_; }
    std::size_t outstanding() const noexcept { return outstanding_; }

  private:
    static constexpr std::size_t spare_blocks = 64;  // more are returned to the allocator
    std::size_t block_bytes_;
    std::size_t outstanding_ = 0;
    std::vector<Block> spare_;
};

class Buffer {
  public:
    explicit Buffer(BlockPool& pool) : pool_(&pool) {}
    ~Buffer() { release(); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    std::string_view data() const noexcept { return {block_.get() + begin_, end_ - begin_}; }
    bool empty() const noexcept { return begin_ == end_; }
    bool full() const noexcept { return begin_ == 0 && end_ == pool_->block_bytes(); }
    /// Free space behind the data; moves the data to the front when that is the way to find some.
    std::span<char> room();
    void commit(std::size_t bytes) noexcept { end_ += bytes; }
    void consume(std::size_t bytes) noexcept;
    /// Gives the block back when nothing is in it: an idle connection holds no buffer.
    void release_if_empty();
    void release();

  private:
    BlockPool* pool_;
    BlockPool::Block block_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace beta::net

// Verifier: reads the lines of an audit log in order and says where they are not as they were
// written.
#pragma once

#include "beta/audit/record.hpp"
#include "beta/model/diagnostic.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::audit {

/// Without a key it finds whatever was changed by hand, but not the work of one who wrote every
/// line anew from a change on, or cut the end off: for that a hash is kept elsewhere.
class Verifier {
  public:
    /// `kept`: the hash of a record that must be there; empty: none.
    explicit Verifier(Seal seal, std::string kept = {})
        : seal_(std::move(seal)), kept_(std::move(kept)) {}

    /// Files of one chain, the oldest first; bytes in pieces of any size.
    void begin_file(std::string name);
    void feed(std::string_view bytes);
    void end_file();
    /// After the last file.
    void finish();

    struct Summary {
        std::uint64_t records = 0;  // that are whole
        std::uint64_t first = 0;    // their numbers
        Link last;
        std::uint64_t after_kept = 0;  // records behind the one with the kept hash
    };
    const Summary& summary() const noexcept { return summary_; }
    /// Faults; and as warnings what is no fault but should be known. At most max_findings of them:
    /// one wrong order of files would make millions.
    const model::Diagnostics& findings() const noexcept { return findings_; }
    std::uint64_t faults() const noexcept { return faults_; }

    static constexpr std::size_t max_findings = 100;

  private:
    void take(std::string_view line, bool is_ended);
    void doubt(std::string_view line, std::optional<Link> says, std::string message,
               std::string code);
    void accept(const Record& record);
    bool explains_doubt(const Record& record) const;
    bool is_expected(const Record& record) const;
    void object(const Record& record);
    void settle_doubts();
    void fault(std::string message, std::string code);
    void note(std::string message, std::string code);
    void add(model::Diagnostic finding);
    void move_to(const Record& record);

    Seal seal_;
    std::string kept_;
    bool has_kept_ = false;
    std::string file_;
    std::uint32_t number_ = 0;  // of the line
    std::string line_;          // what was fed of it
    bool is_too_long_ = false;
    bool is_begun_ = false;  // there was a whole record
    Link last_;              // the one that the next must follow
    // Lines since that are no whole records:
    model::Diagnostics doubts_;
    std::uint64_t doubted_ = 0;
    std::optional<Link> says_;    // what the last of them says it is
    std::string doubted_digest_;  // of the last of them
    Summary summary_;
    model::Diagnostics findings_;
    std::uint64_t faults_ = 0;
};

/// For people: the findings, and what can be said of the chain.
std::string to_text(const Verifier& verifier);
std::string to_json(const Verifier& verifier);

}  // namespace beta::audit

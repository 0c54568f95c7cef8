#include "beta/local/app_lines.hpp"

#include "beta/telemetry/json_text.hpp"

#include "object_text.hpp"

#include <algorithm>

namespace beta::local {
namespace {

constexpr std::string_view blanks = " \t\r";

class Reader {
  public:
    Reader(Form form, const Stamp& stamp, const LineLimits& limits)
        : form_(form), stamp_(stamp), limits_(limits) {}

    /// In words what is wrong with the line; empty when it is taken.
    std::string add(std::string_view line) {
        if (line.size() > limits_.sent)
            return "longer than limits.app_log_line_bytes (" + std::to_string(limits_.sent) +
                   "): shorten it, or send it as several";
        ObjectText object;
        if (form_ == Form::text) {
            telemetry::append_json(object.message, line);
        } else {
            auto read = read_object(line, limits_.depth);
            if (!read)
                return std::move(read.error());
            object = std::move(*read);
        }
        const auto begin = lines_.text.size();
        write(object);
        if (lines_.text.size() - begin > limits_.written)
            return "too long once its control characters are escaped: shorten it";
        lines_.ends.push_back(lines_.text.size());
        return {};
    }

    bool empty() const noexcept { return lines_.ends.empty(); }
    AppLines take() { return std::move(lines_); }

  private:
    void member(std::string_view key, std::string_view escaped) {
        if (escaped.empty())
            return;
        lines_.text.append(",\"").append(key).append("\":\"").append(escaped) += '"';
    }

    /// Names and request ids are of characters that need no escaping.
    void write(const ObjectText& object) {
        auto& out = lines_.text;
        out.append(R"({"timestamp":")").append(stamp_.timestamp).append(R"(","log":"app")");
        member("level", object.level);
        member("message", object.message);
        member("service.name", stamp_.service);
        member("beta.plane", stamp_.plane);
        member("beta.request_id", stamp_.request_id);
        if (object.rest.size() > std::string_view("{}").size())
            out.append(R"(,"app":)").append(object.rest);
        out += "}\n";
    }

    Form form_;
    const Stamp& stamp_;
    const LineLimits& limits_;
    AppLines lines_;
};

std::size_t count_lines(std::string_view body) {
    const auto feeds = static_cast<std::size_t>(std::ranges::count(body, '\n'));
    return feeds + (body.ends_with('\n') ? 0 : 1);
}

/// Without blanks around it; an object may fill several lines, then the line feeds go too.
std::string_view trimmed(std::string_view text, std::string_view of) {
    const auto begin = text.find_first_not_of(of);
    return begin == text.npos ? std::string_view{}
                              : text.substr(begin, text.find_last_not_of(of) + 1 - begin);
}

}  // namespace

std::expected<AppLines, LineFault> read_app_lines(std::string_view body, Form form,
                                                  const Stamp& stamp, const LineLimits& limits) {
    Reader reader(form, stamp, limits);
    const bool one = form == Form::object;
    const auto lines = one ? 1 : count_lines(body);
    std::size_t number = 0;
    for (auto rest = body; !rest.empty();) {
        ++number;
        const auto size = one ? rest.size() : std::min(rest.find('\n'), rest.size());
        const auto line = trimmed(rest.substr(0, size), one ? " \t\r\n" : blanks);
        rest.remove_prefix(std::min(size + 1, rest.size()));
        if (line.empty())
            continue;
        if (auto fault = reader.add(line); !fault.empty())
            return std::unexpected(LineFault{number, lines, std::move(fault)});
    }
    if (reader.empty())
        return std::unexpected(LineFault{1, lines, "there is no line in this body"});
    return reader.take();
}

}  // namespace beta::local

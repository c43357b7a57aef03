/// Redirects from a file in the `_redirects` format of static hosts: each line is a rule with a
/// path, a target and a status.
///
/// ```
/// /old           /new              # 301 if there is no status
/// /blog/*        /news/:splat      302
/// /u/:id         https://example.com/users/:id
/// /shop          /store            301!
/// ```
///
/// The first rule that matches the path applies. A rule with `!` takes precedence over a file;
/// other rules are for paths that match no file.
public struct RedirectRules: Sendable, Equatable {
  /// A line that is not a valid rule.
  package struct Mistake: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// The fault and the remedy.
    package let reason: String

    /// `3: ...`.
    package var description: String { "\(line): \(reason)" }
  }

  /// All lines that are not valid rules.
  package struct Malformed: Error, Sendable, Equatable {
    /// One for each invalid line, in order.
    package let mistakes: [Mistake]
  }

  /// The maximum number of rules.
  package static let countMax = 10_000
  /// The maximum number of rules with placeholders or a `*`, which are tried one after the other.
  package static let patternCountMax = 1000
  /// The maximum length of a line, in bytes.
  package static let lineByteCountMax = 2048
  /// The maximum size of a file, in bytes.
  package static let byteCountMax = 4 << 20

  let rules: [RedirectRule]

  /// No rules.
  package init() { rules = [] }

  /// The number of rules.
  package var count: Int { rules.count }

  /// Reads the rules in `text`, a rule on each line.
  ///
  /// - Throws: `AssetError` with the code `invalidOption`, which lists every line that is not a
  ///   valid rule.
  public init(text: String) throws(AssetError) {
    do throws(Malformed) {
      try self.init(Array(text.utf8))
    } catch {
      let lines = error.mistakes.map { "line \($0)" }.joined(separator: "; ")
      throw .invalidOption("redirects:", lines)
    }
  }

  /// Reads the rules in `text`.
  ///
  /// - Throws: `Malformed` with every line that is not a valid rule.
  package init(_ text: [UInt8]) throws(Malformed) {
    var rules: [RedirectRule] = []
    var mistakes: [Mistake] = []
    var patternCount = 0
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = text.starts(with: mark) ? text[mark.count...] : text[...]
    let lines = content.split(separator: .lineFeed, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      do throws(Mistake) {
        guard let rule = try RedirectLine(line, index + 1).rule() else { continue }
        if !rule.isExact { patternCount += 1 }
        rules.append(rule)
      } catch {
        mistakes.append(error)
        continue
      }
      if rules.count == Self.countMax + 1 {
        mistakes.append(Mistake(line: index + 1, reason: "more than \(Self.countMax) rules"))
      }
      if patternCount == Self.patternCountMax + 1, rules.last?.isExact == false {
        let reason = "more than \(Self.patternCountMax) rules with '*' or ':name'"
        mistakes.append(Mistake(line: index + 1, reason: reason))
      }
    }
    guard mistakes.isEmpty else { throw Malformed(mistakes: mistakes) }
    self.rules = rules
  }
}

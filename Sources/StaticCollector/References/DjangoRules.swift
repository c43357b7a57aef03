/// The version of Django whose rules decide which references are rewritten, and how.
///
/// Source: `HashedFilesMixin` of each version, from the first one that reads and writes manifests
/// of version 1.1.
public enum DjangoRules: String, CaseIterable, Comparable, Sendable {
  /// Django 4.2: the first with manifests of version 1.1.
  case v4_2 = "4.2"
  /// Django 5.0: a source map reference that is not rewritten is kept.
  case v5_0 = "5.0"
  /// Django 5.1: `//host` is another host.
  case v5_1 = "5.1"
  /// Django 5.2: `import*as NAME` is recognized.
  case v5_2 = "5.2"
  /// Django 6.0: the quotes in `url(…)` must match.
  case v6_0 = "6.0"
  /// Django 6.1: comments and strings are skipped, and no semicolon is needed.
  case v6_1 = "6.1"

  /// The newest rules.
  public static let latest = DjangoRules.v6_1

  /// The rules of a version such as `5.2.8`; nil for a version that is too old.
  ///
  /// A version newer than the known ones gets the newest rules.
  public init?(version: String) {
    let numbers = version.split(separator: ".").prefix(2).map { part in
      Int(part.prefix { ("0"..."9").contains($0) }) ?? 0
    }
    let known = Self.allCases.last { rules in
      let own = rules.rawValue.split(separator: ".").map { Int($0) ?? 0 }
      return !numbers.lexicographicallyPrecedes(own)
    }
    guard let known else { return nil }
    self = known
  }

  /// Compares versions; the oldest is the smallest.
  public static func < (first: DjangoRules, second: DjangoRules) -> Bool {
    first.number < second.number
  }

  private var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether the line of a source map reference that is not rewritten is deleted, a bug of Django
  /// before 5.0.
  var deletesForeignSourceMaps: Bool { self < .v5_0 }
  /// Whether `//host` is another host even if STATIC_URL is `/`.
  var knowsHosts: Bool { self >= .v5_1 }
  /// Whether `import * as NAME` without white space before `*` is recognized.
  var knowsNamespaces: Bool { self >= .v5_2 }
  /// Whether the quotes in `url(…)` must match.
  var matchesQuotes: Bool { self >= .v6_0 }
  /// Whether references in comments and strings are skipped.
  var ignoresBlocks: Bool { self >= .v6_1 }
  /// Whether `import` and `export` must be followed by a semicolon.
  var needsSemicolons: Bool { self < .v6_1 }
}

/// Whose rules decide which references are rewritten, and how: those of a version of Django.
///
/// Source: `HashedFilesMixin` of each version, from the first one that reads and writes the manifest of
/// version 1.1.
public enum DjangoRules: String, CaseIterable, Comparable, Sendable {
  /// Django 4.2: the first that reads and writes manifests of version 1.1.
  case v4_2 = "4.2"
  /// Django 5.0: a source map that is left alone stays.
  case v5_0 = "5.0"
  /// Django 5.1: `//host` is another host.
  case v5_1 = "5.1"
  /// Django 5.2: `import*as NAME`.
  case v5_2 = "5.2"
  /// Django 6.0: the quotes in `url(…)` have to match.
  case v6_0 = "6.0"
  /// Django 6.1: comments and strings are left alone, and no semicolon is needed.
  case v6_1 = "6.1"

  /// The newest ones.
  public static let latest = DjangoRules.v6_1

  /// The rules of a version such as `5.2.8`: those of the newest known one for newer ones; nil for one
  /// that is too old.
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

  /// The first version is the least.
  public static func < (first: DjangoRules, second: DjangoRules) -> Bool {
    first.number < second.number
  }

  private var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether a line with the URL of a source map that is left alone is deleted, as by mistake.
  var deletesForeignSourceMaps: Bool { self < .v5_0 }
  /// Whether `//host` is another host also where STATIC_URL is `/`.
  var knowsHosts: Bool { self >= .v5_1 }
  /// Whether `import * as NAME` without white space before `*` is known.
  var knowsNamespaces: Bool { self >= .v5_2 }
  /// Whether the quotes in `url(…)` have to match.
  var matchesQuotes: Bool { self >= .v6_0 }
  /// Whether references in comments and strings are left alone.
  var ignoresBlocks: Bool { self >= .v6_1 }
  /// Whether `import` and `export` count only with a semicolon behind them.
  var needsSemicolons: Bool { self < .v6_1 }
}

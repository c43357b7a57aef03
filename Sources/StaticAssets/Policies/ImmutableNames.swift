/// File names that contain a hash of the content, so that a response may be cached forever.
///
/// A false positive keeps an outdated file in browsers for ten years; a false negative costs a
/// request per reload. The presets therefore match only names that are hardly ever chosen by hand.
public enum ImmutableNames: Equatable, Sendable {
  /// Every path below the mount that matches the pattern; `*` and `?` also match slashes.
  case glob(String)
  /// The names that Vite writes: `assets/index-BKd3QVhN.js`, with eight characters of base64url
  /// after a hyphen, in a directory named `assets`.
  ///
  /// The eight characters must change at least three times between upper case, lower case and
  /// digits. 93 % of random hashes do; words, dates and sizes such as `logo-1024x768.png` do not.
  case vite
  /// The names that webpack writes: `main.8f3d2c1a9b7e6f5d4c3b.js`, with 8 to 64 hexadecimal digits
  /// between two dots, or `8f3d2c1a9b7e6f5d4c3b.png`, with exactly 16 or 20 before the first dot.
  ///
  /// The hash must contain a digit and a letter; dates and words do not.
  case webpack
}

/// `ImmutableNames`, prepared for many names.
struct ImmutableNameMatcher {
  private let kind: ImmutableNames
  private let glob: Glob?

  init(_ names: ImmutableNames) {
    kind = names
    if case .glob(let pattern) = names { glob = Glob(Array(pattern.utf8)) } else { glob = nil }
  }

  /// Whether the file `name`, a path below its mount, matches.
  ///
  /// - Parameters:
  ///   - name: the path.
  ///   - characters: the path's `PythonCharacters`; used by `.glob` only.
  func matches(_ name: BytePath, _ characters: [UInt32]) -> Bool {
    switch kind {
    case .glob: glob?.matches(characters) ?? false
    case .vite: Self.isVite(name)
    case .webpack: Self.isWebpack(name.lastComponent.bytes)
    }
  }

  private static func isVite(_ name: BytePath) -> Bool {
    let directories = name.parent.bytes.split(separator: UInt8(ascii: "/"))
    guard directories.contains(where: { $0.elementsEqual("assets".utf8) }) else { return false }
    let base = name.lastComponent.bytes
    let hashByteCount = 8
    // The hash may contain a hyphen, so it is found by its length before a dot.
    for (dot, byte) in base.enumerated() where byte == UInt8(ascii: ".") {
      let start = dot - hashByteCount
      guard start > 1, base[start - 1] == UInt8(ascii: "-") else { continue }
      if isBase64Hash(base[start..<dot]) { return true }
    }
    return false
  }

  /// Whether eight characters are a hash as Vite writes them: characters of base64url that change
  /// their class at least `changeCountMin` times.
  static func isBase64Hash(_ text: ArraySlice<UInt8>, changeCountMin: Int = 3) -> Bool {
    let classes = text.map(CharacterClass.init)
    guard !classes.contains(.other) else { return false }
    return zip(classes, classes.dropFirst()).count { $0 != $1 } >= changeCountMin
  }

  private static func isWebpack(_ base: [UInt8]) -> Bool {
    let parts = base.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count > 1 else { return false }
    if [16, 20].contains(parts[0].count), isHexadecimalHash(parts[0]) { return true }
    return parts.dropFirst().dropLast().contains {
      (8...64).contains($0.count) && isHexadecimalHash($0)
    }
  }

  private static func isHexadecimalHash(_ text: ArraySlice<UInt8>) -> Bool {
    let digits = text.count { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    let letters = text.count { UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 }
    return digits > 0 && letters > 0 && digits + letters == text.count
  }
}

/// The classes of characters in base64url.
private enum CharacterClass {
  case upperCase, lowerCase, digit, punctuation, other

  init(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .upperCase
    case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .lowerCase
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
    case UInt8(ascii: "-"), UInt8(ascii: "_"): self = .punctuation
    default: self = .other
    }
  }
}

/// A path or a file name as the kernel sees it: bytes, in whatever encoding, without NUL.
///
/// Not a `String`, which would replace what is not UTF-8 and then name another file.
public struct FilePath: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The bytes, without a terminator.
  public let bytes: [UInt8]

  /// A path of these bytes.
  public init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// A path of the UTF-8 form of `text`.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// A path of the UTF-8 form of a literal.
  public init(stringLiteral text: String) {
    self.init(text)
  }

  /// All bytes at once, several times as fast as one by one.
  public func hash(into hasher: inout Hasher) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// The path for people: what is not UTF-8 is shown as U+FFFD.
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether there are no bytes.
  public var isEmpty: Bool { bytes.isEmpty }

  /// The part after the last slash; the whole when there is none.
  public var lastComponent: FilePath {
    FilePath(bytes[(lastSlash.map { $0 + 1 } ?? 0)...])
  }

  /// The part before the last slash; empty when there is none.
  public var parent: FilePath {
    FilePath(bytes[..<(lastSlash ?? 0)])
  }

  /// `name` inside this directory; an empty directory adds nothing.
  public func appending(_ name: FilePath) -> FilePath {
    guard !bytes.isEmpty else { return name }
    let needsSlash = bytes.last != UInt8(ascii: "/")
    return FilePath(needsSlash ? bytes + [UInt8(ascii: "/")] + name.bytes : bytes + name.bytes)
  }

  /// The path with `suffix` added to its last component.
  public func appending(suffix: String) -> FilePath {
    FilePath(bytes + Array(suffix.utf8))
  }

  /// Whether the path ends with `suffix`.
  public func hasSuffix(_ suffix: String) -> Bool {
    bytes.reversed().starts(with: suffix.utf8.reversed())
  }

  private var lastSlash: Int? { bytes.lastIndex(of: UInt8(ascii: "/")) }
}

/// The URL paths of the unhashed files, used in development: a request for
/// `css/app.5d41402abc4b.css` is answered with `css/app.css`.
struct UnhashedPaths {
  private var paths: Set<[UInt8]> = []

  /// Records the URL path of the file `name` below `prefix`.
  mutating func insert(_ prefix: [UInt8], _ name: BytePath) {
    paths.insert(prefix + name.bytes)
  }

  /// Whether `name` below `prefix` is the hashed name of a recorded file.
  ///
  /// That file, which may be newer, is then served for both names.
  func containsUnhashed(of prefix: [UInt8], _ name: BytePath) -> Bool {
    guard !paths.isEmpty, let unhashed = Self.unhashed(prefix + name.bytes) else { return false }
    return paths.contains(unhashed)
  }

  /// `path` without the hash in its last segment; nil when there is no hash.
  ///
  /// Source: Django's `HashedFilesMixin.hashed_name`: twelve hexadecimal digits between the name
  /// and its extension.
  static func unhashed(_ path: [UInt8]) -> [UInt8]? {
    let slash = path.lastIndex(of: UInt8(ascii: "/"))
    let base = path[(slash.map { $0 + 1 } ?? 0)...]
    var parts = base.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count > 1 else { return nil }
    let last = parts.count - 1
    guard let hash = [last - 1, last].first(where: { $0 > 0 && isHash(parts[$0]) }) else {
      return nil
    }
    parts.remove(at: hash)
    return Array(path[..<base.startIndex]) + Array(parts.joined(separator: [UInt8(ascii: ".")]))
  }

  private static func isHash(_ text: ArraySlice<UInt8>) -> Bool {
    text.count == 12
      && text.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}

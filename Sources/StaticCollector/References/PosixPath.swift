/// Python's `posixpath` on bytes.
package enum PosixPath {
  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  /// `join`: an absolute second part replaces the first.
  static func join(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    if second.first == slash { return second }
    return first.isEmpty || first.last == slash ? first + second : first + [slash] + second
  }

  /// `split`: the part before the last slash, without trailing slashes, and the part after it.
  static func split(_ path: [UInt8]) -> (head: [UInt8], tail: [UInt8]) {
    guard let last = path.lastIndex(of: slash) else { return ([], path) }
    let head = path[...last]
    guard let end = head.lastIndex(where: { $0 != slash }) else {
      return (Array(head), Array(path[(last + 1)...]))
    }
    return (Array(head[...end]), Array(path[(last + 1)...]))
  }

  /// `splitext` of a base name: leading dots belong to the stem.
  static func splitExtension(_ name: [UInt8]) -> (stem: [UInt8], suffix: [UInt8]) {
    let leading = name.prefix { $0 == dot }.count
    guard let last = name.lastIndex(of: dot), last > leading else { return (name, []) }
    return (Array(name[..<last]), Array(name[last...]))
  }

  /// `normpath`: removes `.`, doubled slashes, and `..` with the component before it.
  static func normalize(_ path: [UInt8]) -> [UInt8] {
    // POSIX reserves exactly two leading slashes, so they are kept.
    let rooted = path.prefix { $0 == slash }.count
    let start = [UInt8](repeating: slash, count: rooted == 2 ? 2 : min(rooted, 1))
    var segments: [ArraySlice<UInt8>] = []
    for segment in path.split(separator: slash) where segment != [dot] {
      if segment == [dot, dot] {
        if let last = segments.last, last != [dot, dot] {
          segments.removeLast()
          continue
        }
        guard start.isEmpty else { continue }
      }
      segments.append(segment)
    }
    let result = start + Array(segments.joined(separator: [slash]))
    return result.isEmpty ? [dot] : result
  }

  /// Whether every segment of a relative path is a name: not empty, not `.` or `..`, and without
  /// NUL.
  package static func isPlain(_ path: [UInt8]) -> Bool {
    guard !path.contains(0) else { return false }
    var start = 0
    for end in 0...path.count where end == path.count || path[end] == slash {
      let count = end - start
      let isDots = count <= 2 && path[start..<end].allSatisfy { $0 == dot }
      // An empty segment passes the test for dots too.
      guard !isDots else { return false }
      start = end + 1
    }
    return true
  }

  /// Whether a normalized path, joined to a root, is outside that root.
  static func leavesRoot(_ normalized: [UInt8]) -> Bool {
    normalized.first == slash || normalized == [dot, dot]
      || normalized.starts(with: [dot, dot, slash])
  }
}

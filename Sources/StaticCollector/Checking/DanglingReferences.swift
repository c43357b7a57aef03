internal import StaticAssets

/// Finds references in a published style sheet or script to hashed names that the root lacks.
///
/// A relative reference must lead to a file. A reference that begins with `/` may lead outside the
/// static files, so it counts only if it ends, without its hash, in the name of a collected file.
struct DanglingReferences {
  /// Every name under which a file was collected.
  let originals: Set<BytePath>
  /// Whether references with a query count: staticd publishes files for them, Django does not.
  let includesQueries: Bool
  /// Whether the root has a file of this name.
  let isThere: (BytePath) -> Bool

  /// The dangling references in the file `name`, each once, in the order of the text.
  func find(in text: [UInt8], of name: BytePath) -> [BytePath] {
    var found: [BytePath] = []
    for pattern in ReferencePattern.patterns(forFileNamed: name.bytes, jsModules: true) {
      let matches = pattern.matches(in: text, .latest)
      guard !matches.isEmpty else { continue }
      var ignored = IgnoredBlocks(text, pattern.syntax)
      for match in matches where !ignored.contains(match.range.lowerBound) {
        let url = BytePath(text[match.url])
        if leadsNowhere(url.bytes, from: name), !found.contains(url) { found.append(url) }
      }
    }
    return found
  }

  private func leadsNowhere(_ url: [UInt8], from name: BytePath) -> Bool {
    guard let parts = try? URLParts(url), parts.scheme.isEmpty, parts.authority.isEmpty,
      includesQueries || !url.contains(UInt8(ascii: "?"))
    else { return false }
    let path = PercentEncoding.decode(parts.path)
    guard !path.contains(0), HashedName.looksHashed(BytePath(path)) else { return false }
    guard path.first == UInt8(ascii: "/") else {
      let target = PosixPath.normalize(PosixPath.join(name.parent.bytes, path))
      return PosixPath.leavesRoot(target) || !isThere(BytePath(target))
    }
    return leadsNowhere(absolute: path)
  }

  /// STATIC_URL is not recorded, so the name may begin after any slash of the path.
  private func leadsNowhere(absolute path: [UInt8]) -> Bool {
    var isCollected = false
    for slash in path.indices where path[slash] == UInt8(ascii: "/") {
      let target = BytePath(path[(slash + 1)...])
      guard PosixPath.isPlain(target.bytes) else { continue }
      if isThere(target) { return false }
      if let original = HashedName.withoutHash(target), originals.contains(original) {
        isCollected = true
      }
    }
    return isCollected
  }
}

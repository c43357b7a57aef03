/// Detects that a collected root has lost its files, so that the last release is served on.
///
/// During `rm -rf root/*`, `collectstatic --clear` of Django and the replacement of a root, there
/// are no files, or there is no manifest, which is written last.
package struct RootLoss: Sendable {
  /// The result of `look`.
  package enum Finding: Equatable {
    /// No root has lost its files.
    case none
    /// A root has lost its files since the last call; a description in one line.
    case began(String)
    /// A root is still without its files.
    case goesOn
    /// All roots have their files again.
    case ended
  }

  private struct Root {
    let directory: BytePath
    var hadManifest = false
    var hadFiles = false
  }

  private var roots: [Root]
  private var isLost = false

  /// Watches the collected roots among `mounts`, starting from their current state.
  ///
  /// In development no root is watched, because the sources are served.
  package init(_ mounts: [FileTable.Mount], isDevelopment: Bool) {
    roots = Self.directories(mounts, isDevelopment).map { Root(directory: $0) }
    noteTable()
  }

  private static func directories(
    _ mounts: [FileTable.Mount],
    _ isDevelopment: Bool
  ) -> [BytePath] {
    isDevelopment
      ? [] : mounts.filter { $0.kind == .collected }.map { BytePath($0.directory) }
  }

  /// Whether the collected roots among `mounts` are those that are watched.
  package func watches(_ mounts: [FileTable.Mount], isDevelopment: Bool) -> Bool {
    Self.directories(mounts, isDevelopment) == roots.map(\.directory)
  }

  /// Records the state of the roots; called when a table was built from them.
  package mutating func noteTable() {
    for index in roots.indices {
      roots[index].hadManifest = Self.hasManifest(roots[index].directory)
      roots[index].hadFiles = roots[index].hadManifest || Self.hasFiles(roots[index].directory)
    }
  }

  /// Checks the roots.
  ///
  /// - Parameter isReloading: whether a table is about to be built; a root without a manifest is
  ///   searched for files only then, and while it is lost.
  package mutating func look(isReloading: Bool) -> Finding {
    let reasons = roots.compactMap { root in
      Self.reason(root, searches: isReloading || isLost).map { "'\(root.directory)' \($0)" }
    }
    guard let reason = reasons.first else {
      defer { isLost = false }
      return isLost ? .ended : .none
    }
    guard !isLost else { return .goesOn }
    isLost = true
    return .began("\(reason); the release from before is served on until it is back")
  }

  private static func reason(_ root: Root, searches: Bool) -> String? {
    guard exists(root.directory) else { return "is gone" }
    if root.hadManifest {
      return hasManifest(root.directory) ? nil : "has no manifest any more"
    }
    guard root.hadFiles, searches else { return nil }
    return hasFiles(root.directory) ? nil : "has no files any more"
  }

  private static func hasManifest(_ directory: BytePath) -> Bool {
    [ManifestName.django, ManifestName.collected].contains { exists(directory.appending($0)) }
  }

  private static func exists(_ path: BytePath) -> Bool { (try? FileStatus.of(path)) != nil }

  /// Whether there is a file, apart from dot files.
  private static func hasFiles(_ path: BytePath) -> Bool {
    var isFound = false
    do {
      let descriptor = try Descriptor.open(path, flags: FileFlags.directory)
      try DirectoryWalk.run(descriptor, root: path) { candidate in
        // The first file is enough.
        !isFound && candidate.name.bytes.first != UInt8(ascii: ".")
      } visit: { _ in
        isFound = true
      }
    } catch {
      // The directory cannot be listed: building the table will report the error.
      return true
    }
    return isFound
  }
}

/// A directory whose files are looked up when they are requested, not when the table is built.
package struct LiveDirectory: Equatable, Sendable {
  /// The author of the files.
  package enum Kind: Equatable, Sendable {
    /// Users of the site: active content is made harmless, unless the operator allows it.
    case uploads(allowsActiveContent: Bool)
    /// The operator: the static root, for files that are added to it between two releases.
    case root
  }

  /// The path of the directory, which need not exist.
  package let directory: String
  /// The URL path; begins and ends with a slash.
  package let prefix: String
  package let kind: Kind

  /// The directory at `directory`; traps unless `prefix` begins and ends with a slash.
  package init(_ directory: String, at prefix: String, kind: Kind) {
    precondition(prefix.hasPrefix("/") && prefix.hasSuffix("/"))
    self.directory = directory
    self.prefix = prefix
    self.kind = kind
  }

  /// Whether users write the files.
  package var holdsUploads: Bool { kind != .root }
}

extension [LiveDirectory] {
  /// The directories in the order in which they are searched: the longest prefix first; of equal
  /// ones the static root, then the last given.
  ///
  /// The table is searched before all of them, except for the files that `hides` excludes.
  var bySearchOrder: [LiveDirectory] {
    enumerated().sorted { first, second in
      let (length, other) = (first.element.prefix.utf8.count, second.element.prefix.utf8.count)
      if length != other { return length > other }
      if first.element.holdsUploads != second.element.holdsUploads {
        return second.element.holdsUploads
      }
      return first.offset > second.offset
    }.map(\.element)
  }

  /// Whether the file at the URL path `path` of `mount` is hidden by a directory of uploads with a
  /// longer prefix.
  ///
  /// Files of a collected root and of sources are never hidden: pages refer to them.
  func hides(_ path: some Collection<UInt8>, of mount: FileTable.Mount) -> Bool {
    guard mount.kind == .public else { return false }
    return contains { live in
      live.holdsUploads && live.prefix.utf8.count > mount.prefix.utf8.count
        && path.starts(with: live.prefix.utf8)
    }
  }
}

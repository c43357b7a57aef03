internal import StaticAssets

/// One distinct content of a release, and its names.
struct PlannedContent: Sendable {
  /// Where the bytes come from.
  enum Origin: Sendable {
    /// A source file, to be read again.
    case file(BytePath)
    /// A rewritten text, or the bytes that were read.
    case bytes([UInt8])
  }

  let origin: Origin
  let byteCount: Int
  let digests: ContentDigests
  var names: [Name]

  /// One name of a content.
  struct Name: Sendable {
    let path: BytePath
    /// The collected file that it is published for.
    let original: BytePath
    /// Whether it is the name in the manifest, which depends on the content.
    let isHashed: Bool
    /// The source of that file.
    let source: BytePath
    /// The label of the earlier release that it is carried over from; nil for the new one.
    var carriedFrom: [UInt8]?

    /// Whether it is a file under its own name.
    var isOriginal: Bool { path == original && carriedFrom == nil }
  }
}

/// Assigns contents to names: every content is stored once, however many names it has.
struct ReleasePlan: Sendable {
  private(set) var contents: [PlannedContent] = []
  /// The pairs of Django's manifest.
  private(set) var paths: [(name: BytePath, published: BytePath)] = []
  /// Files that are published under their hashed names only.
  private(set) var dropped: [BytePath] = []
  /// Names that conflict, and warnings about codings and names of manifests that are left out.
  private(set) var conflicts: [Problem] = []

  /// Every name that gets a content.
  private(set) var names: Set<BytePath> = []
  /// Every directory that a name needs.
  private(set) var directories: Set<BytePath> = []

  /// The longest file name in bytes: NAME_MAX.
  static let nameBytesMax = 255

  /// Whether the last component of `name` exceeds NAME_MAX.
  static func isTooLong(_ name: BytePath) -> Bool {
    name.lastComponent.bytes.count > nameBytesMax
  }

  /// The message for a coding that is left out because of its name.
  static func text(ofTooLong coding: BytePath) -> String {
    "it is not stored compressed as '\(coding.lastComponent.shortened)', a name of more than "
      + "\(nameBytesMax) bytes; rename it to have that"
  }

  private var indexByDigest: [ContentDigests: Int] = [:]
  /// The content of each name, and its source for messages.
  private var owners: [BytePath: (content: ContentDigests, source: SourceFile)] = [:]

  /// A plan for `files`, for which `analysis` has computed the hashed names, if they are used.
  ///
  /// - Parameter keepsOnlyHashed: whether files with a hashed name are published under no other
  ///   name.
  init(_ files: [LoadedFile], _ analysis: ReferenceAnalysis, keepsOnlyHashed: Bool = false) {
    let stale = StaleCodings(files)
    conflicts = stale.problems
    for (index, file) in files.enumerated() {
      let destination = file.source.destination
      let published = analysis.published[index]
      if stale.names.contains(destination) {
        // A file whose own name is its hashed name has no other name to keep.
        guard let published, published.name != destination else { continue }
        paths.append((destination, published.name))
        add(file, published.digests, nil, Self.name(published.name, of: file, isHashed: true))
        continue
      }
      if published?.name != destination {
        if published != nil, keepsOnlyHashed {
          dropped.append(destination)
        } else {
          add(file, file.digests, nil, Self.name(destination, of: file))
        }
      }
      guard let published else { continue }
      paths.append((destination, published.name))
      let name = Self.name(published.name, of: file, isHashed: true)
      add(file, published.digests, published.text, name)
    }
    for name in analysis.aliases.keys where owners[name] == nil && !isBelowFile(name) {
      if let alias = analysis.aliases[name] { add(alias, name, files, analysis) }
    }
    findDirectoryConflicts()
    names = Set(owners.keys)
    // A source with the name of a manifest is replaced by the manifest.
    let manifests = [ManifestName.django, ManifestName.collected]
    dropped.removeAll { names.contains($0) || manifests.contains($0) }
    // The largest first, so that no job is left with a large one at the end.
    contents.sort { $0.byteCount > $1.byteCount }
  }

  /// Whether a directory that `name` needs is a file, so that it cannot be published.
  private func isBelowFile(_ name: BytePath) -> Bool {
    var directory = name.parent
    while !directory.isEmpty {
      if owners[directory] != nil { return true }
      directory = directory.parent
    }
    return false
  }

  private mutating func add(
    _ alias: Alias,
    _ path: BytePath,
    _ files: [LoadedFile],
    _ analysis: ReferenceAnalysis
  ) {
    switch alias {
    case .original(let index):
      let file = files[index]
      add(file, file.digests, nil, Self.name(path, of: file))
    case .published(let index):
      guard let published = analysis.published[index] else { return }
      let file = files[index]
      add(file, published.digests, published.text, Self.name(path, of: file))
    }
  }

  private static func name(
    _ path: BytePath,
    of file: LoadedFile,
    isHashed: Bool = false
  ) -> PlannedContent.Name {
    PlannedContent.Name(
      path: path,
      original: file.source.destination,
      isHashed: isHashed,
      source: file.source.path
    )
  }

  private mutating func add(
    _ file: LoadedFile,
    _ digests: ContentDigests,
    _ text: [UInt8]?,
    _ name: PlannedContent.Name
  ) {
    guard name.path != ManifestName.django, name.path != ManifestName.collected else {
      let text =
        "this is not published as '\(name.path)', which is kept for the manifest; rename it"
      conflict(file.source, text, .warning)
      return
    }
    guard name.path.lastComponent.bytes.count <= Self.nameBytesMax else {
      conflict(file, "the name it is published under has more than 255 bytes; rename it")
      return
    }
    if let owner = owners[name.path] {
      if owner.content != digests {
        let text = "its name in the root, '\(name.path)', belongs to '\(owner.source.path)' already"
        conflict(file, "\(text); rename one of them")
      }
      return
    }
    owners[name.path] = (digests, file.source)
    if let index = indexByDigest[digests] {
      contents[index].names.append(name)
      return
    }
    indexByDigest[digests] = contents.count
    contents.append(
      PlannedContent(
        origin: (text ?? file.text ?? file.bytes).map { .bytes($0) } ?? .file(file.source.path),
        byteCount: text?.count ?? file.byteCount,
        digests: digests,
        names: [name]
      )
    )
  }

  /// Whether a file of an earlier release can have `name`.
  ///
  /// The new release must neither have the name nor need it for a directory, and no directory on
  /// its path may be a file.
  func mayCarry(_ name: BytePath) -> Bool {
    ![ManifestName.django, ManifestName.collected].contains { manifest in
      name == manifest || name.bytes.starts(with: manifest.bytes + [UInt8(ascii: "/")])
    } && !names.contains(name)
      && !directories.contains(name) && !isBelowFile(name)
      && name.lastComponent.bytes.count <= Self.nameBytesMax
  }

  /// Adds a content of an earlier release whose names `mayCarry` allows.
  mutating func carry(_ content: PlannedContent) {
    contents.append(content)
    for name in content.names {
      names.insert(name.path)
      let source = SourceFile(name: name.original, path: name.source)
      owners[name.path] = (content.digests, source)
      var directory = name.path.parent
      while !directory.isEmpty {
        directories.insert(directory)
        directory = directory.parent
      }
    }
  }

  /// Sorts the contents again.
  mutating func finishCarrying() { contents.sort { $0.byteCount > $1.byteCount } }

  private mutating func conflict(_ file: LoadedFile, _ text: String) {
    conflict(file.source, text)
  }

  private mutating func conflict(
    _ source: SourceFile,
    _ text: String,
    _ severity: Problem.Severity = .error
  ) {
    conflicts.append(Problem(severity: severity, kind: .nameConflict, of: source, text: text))
  }

  /// Finds names that are needed both as a file and as a directory.
  private mutating func findDirectoryConflicts() {
    // A file may have several names in the same directory; the conflict is reported once.
    var told: Set<[BytePath]> = []
    for (name, owner) in owners {
      var directory = name.parent
      while !directory.isEmpty {
        directories.insert(directory)
        let isManifest = [ManifestName.django, ManifestName.collected].contains(directory)
        if isManifest || owners[directory] != nil,
          told.insert([owner.source.path, directory]).inserted
        {
          let blocking = owners[directory].map { "'\($0.source.path)'" } ?? "the manifest"
          conflict(
            owner.source,
            "it needs the directory '\(directory)', which \(blocking) has the name of; rename it"
          )
        }
        directory = directory.parent
      }
    }
    conflicts.sort { $0.description < $1.description }
  }
}

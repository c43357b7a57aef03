internal import StaticAssets

/// The collected files by name.
struct CollectedIndex {
  private var files: [BytePath: Int] = [:]
  private var directories: Set<BytePath> = [BytePath(".")]

  init(_ loaded: [LoadedFile]) {
    for (index, file) in loaded.enumerated() {
      let destination = file.source.destination
      files[destination] = index
      var directory = destination.parent
      while !directory.isEmpty, directories.insert(directory).inserted {
        directory = directory.parent
      }
    }
  }

  /// The file called `name`.
  func file(_ name: [UInt8]) -> Int? { files[BytePath(name)] }

  /// Whether `name` is a directory with collected files.
  func isDirectory(_ name: [UInt8]) -> Bool { directories.contains(BytePath(name)) }
}

/// Looks up references among the collected files, and records their dependencies.
struct CollectedResolver: ReferenceResolver {
  private(set) var dependencies: [(file: Int, line: Int)] = []
  private(set) var aliases: [BytePath: Alias] = [:]

  /// The files behind the names that were written into this text.
  private var handedOut: [BytePath: Alias] = [:]
  private let index: CollectedIndex
  private let files: [LoadedFile]
  private let published: [PublishedFile?]
  private static let unknown = [UInt8](repeating: UInt8(ascii: "0"), count: 32)

  init(_ index: CollectedIndex, _ files: [LoadedFile], _ published: [PublishedFile?]) {
    self.index = index
    self.files = files
    self.published = published
  }

  mutating func published(_ name: [UInt8], line: () -> Int) -> [UInt8]? {
    guard let file = index.file(name) else { return nil }
    if files[file].text != nil, !dependencies.contains(where: { $0.file == file }) {
      dependencies.append((file, line()))
    }
    let name = publishedName(of: file)
    handedOut[name] = .published(file)
    return name.bytes
  }

  mutating func stored(_ name: [UInt8]) -> StoredTarget {
    if let alias = alias(of: name) { return .file(md5: md5(of: alias)) }
    return index.isDirectory(name) ? .directory : .missing
  }

  mutating func note(_ name: [UInt8], namedAs hashed: [UInt8]) {
    guard let alias = alias(of: name) else { return }
    handedOut[BytePath(hashed)] = alias
    aliases[BytePath(hashed)] = alias
  }

  private func alias(of name: [UInt8]) -> Alias? {
    index.file(name).map { .original($0) } ?? handedOut[BytePath(name)]
  }

  private func md5(of alias: Alias) -> [UInt8] {
    switch alias {
    case .original(let file): files[file].digests.md5
    case .published(let file): published[file]?.digests.md5 ?? Self.unknown
    }
  }

  private func publishedName(of file: Int) -> BytePath {
    if let published = published[file] { return published.name }
    // A problem with the name of that file is reported for the file itself.
    let source = files[file].source
    return (try? HashedName.published(source.name.bytes, md5: Self.unknown)) ?? source.name
  }
}

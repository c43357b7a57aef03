internal import Glibc
internal import StaticAssets

/// Links and listings of a directory.
extension Directory {
  /// Creates the symbolic link `name` to `target`. symlinkat(2)
  func makeLink(_ name: BytePath, to target: BytePath) throws(FileError) {
    let result = unsafe name.withCString { link in
      unsafe target.withCString { unsafe symlinkat($0, number, link) }
    }
    try Self.check(result, "make", path.appending(name))
  }

  /// The target of the link `name`; nil if it is not a link. readlinkat(2)
  func target(of name: BytePath) -> BytePath? { Self.target(of: name, in: number) }

  /// The target of the link `name` relative to the directory `number`; nil if it is not a link.
  static func target(of name: BytePath, in number: Int32) -> BytePath? {
    let capacity = Int(PATH_MAX)
    let bytes = unsafe name.withCString { link in
      unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        let result = unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
          guard let start = characters.baseAddress else { return 0 }
          return unsafe readlinkat(number, link, start, capacity)
        }
        count = max(0, result)
      }
    }
    return bytes.isEmpty ? nil : BytePath(bytes)
  }

  /// Every name below this directory except directories and names reserved for a run.
  ///
  /// Links are included and not followed.
  func names() throws(FileError) -> [BytePath] {
    var names: [BytePath] = []
    var failure: FileError?
    try DirectoryWalk.run(descriptor, root: path) { candidate in
      if candidate.isLink { names.append(candidate.path) }
      return !candidate.isLink && !Publisher.isReserved(candidate.path)
    } visit: { item in
      switch item {
      case .file(let path, _), .special(let path): names.append(path)
      case .failure(_, let error): failure = error
      }
    }
    if let failure { throw failure }
    return names
  }
}

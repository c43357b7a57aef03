#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The names in one directory, sorted by bytes, in one block of memory.
///
/// With an array per name, as in `DirectoryEntry`, listing 60,000 files takes three times as long.
struct DirectoryNames {
  /// One name.
  struct Entry {
    /// The position of the name in `names`.
    let name: ByteSlice
    let kind: DirectoryEntry.Kind
  }

  private(set) var names = NameBuffer()
  private(set) var entries: [Entry] = []

  /// Adds the C string `name`.
  fileprivate mutating func add(_ name: UnsafePointer<UInt8>, type: UInt8) {
    let bytes = unsafe UnsafeBufferPointer(start: name, count: strlen(name))
    let added = unsafe names.append(bytes)
    entries.append(Entry(name: added, kind: .init(directoryType: Int(type))))
  }

  fileprivate mutating func sort() {
    let names = names
    entries.sort { names.precedes($0.name, $1.name) }
  }
}

extension Descriptor {
  /// The names in the directory except `.` and `..`. readdir(3)
  ///
  /// - Parameter path: the directory's path, for errors.
  func names(of path: BytePath) throws(FileError) -> DirectoryNames {
    // fdopendir(3) takes ownership of its descriptor, so it gets a duplicate.
    let duplicate = fcntl(number, F_DUPFD_CLOEXEC, 0)
    guard duplicate >= 0, let stream = unsafe fdopendir(duplicate) else {
      let code = errno
      if duplicate >= 0 { _ = close(duplicate) }
      throw FileError(operation: "list", path: path.description, code: code)
    }
    defer { unsafe closedir(stream) }
    var names = DirectoryNames()
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        // d_name is a NUL-terminated array inside the entry.
        unsafe tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
          guard unsafe !isDots(name) else { return }
          unsafe names.add(name, type: entry.pointee.d_type)
        }
      }
    }
    guard errno == 0 else {
      throw FileError(operation: "list", path: path.description, code: errno)
    }
    names.sort()
    return names
  }

  /// The entries of the directory except `.` and `..`, sorted by the bytes of their names.
  /// readdir(3)
  package func entries(of path: BytePath) throws(FileError) -> [DirectoryEntry] {
    let names = try names(of: path)
    return names.entries.map { entry in
      DirectoryEntry(name: names.names[entry.name], kind: entry.kind)
    }
  }

  /// Whether the C string `name` is `.` or `..`.
  private func isDots(_ name: UnsafePointer<UInt8>) -> Bool {
    // `&&` and `||` stop at the NUL, so no byte after it is read.
    guard unsafe name[0] == 0x2E else { return false }
    return unsafe name[1] == 0 || (name[1] == 0x2E && name[2] == 0)
  }
}

/// An entry of a directory.
package struct DirectoryEntry: Sendable {
  /// The name, without a slash.
  package let name: BytePath
  /// The type that readdir(3) reports; `.unknown` on some file systems.
  package let kind: Kind

  package enum Kind: Sendable {
    case file, directory, link, other, unknown

    fileprivate init(directoryType type: Int) {
      switch type {
      case Int(DT_REG): self = .file
      case Int(DT_DIR): self = .directory
      case Int(DT_LNK): self = .link
      case Int(DT_UNKNOWN): self = .unknown
      default: self = .other
      }
    }
  }
}

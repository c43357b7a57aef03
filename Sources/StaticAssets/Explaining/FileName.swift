/// The file that an entry was made from.
struct FileName {
  /// The path below its directory.
  let relativePath: FilePath
  /// The path including its directory, as that was given.
  let path: String
  /// The directory and its URL path, as text.
  let location: String

  init?(of entry: FileEntry, in table: FileTable) {
    guard entry.mount >= 0 else {
      // The fallback has no URL of its own.
      guard let fallback = table.options.fallback else { return nil }
      relativePath = FilePath(fallback).lastComponent
      path = fallback
      location = "the fallback"
      return
    }
    let mount = table.mounts[Int(entry.mount)]
    var name = Array(table.path(of: entry).dropFirst(mount.prefix.utf8.count))
    // The entry of an index file has its directory's URL.
    if name.isEmpty || name.last == UInt8(ascii: "/") {
      name += Array((table.options.indexFile ?? "").utf8)
    }
    relativePath = FilePath(name)
    path = FilePath(mount.directory).appending(relativePath).description
    location = "'\(mount.directory)' at \(mount.prefix)"
  }
}

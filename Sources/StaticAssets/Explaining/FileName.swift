/// The file that an entry was made from.
struct FileName {
  /// The path below its directory.
  let relativePath: BytePath
  /// The path including its directory, as configured.
  let path: String
  /// The directory and its URL path, as text.
  let location: String

  init?(of entry: FileEntry, in table: FileTable) {
    guard entry.mount >= 0 else {
      // A fallback has no URL of its own.
      guard let fallback = table.fallback(of: entry) else { return nil }
      relativePath = BytePath(fallback.file).lastComponent
      path = fallback.file
      location = "the fallback\(fallback.path.map { " of \($0)" } ?? "")"
      return
    }
    let mount = table.mounts[Int(entry.mount)]
    var name = Array(table.path(of: entry).dropFirst(mount.prefix.utf8.count))
    // The entry of an index file has its directory's URL.
    if name.isEmpty || name.last == UInt8(ascii: "/") {
      name += Array((table.options.indexFile ?? "").utf8)
    } else if table.hasCleanURL(entry) {
      name += FileTableBuilder.pageSuffix
    }
    relativePath = BytePath(name)
    path = BytePath(mount.directory).appending(relativePath).description
    location = "'\(mount.directory)' at \(mount.prefix)"
  }
}

extension FileTable {
  /// The fallback that `entry` was built from; nil if it is another file.
  fileprivate func fallback(of entry: FileEntry) -> Fallback? {
    for (number, fallback) in options.fallbacks.enumerated()
    where page(number)?.entry.firstRepresentation == entry.firstRepresentation {
      return fallback
    }
    return nil
  }

  /// Whether `entry` is a page under its clean URL: its own name is redirected there.
  fileprivate func hasCleanURL(_ entry: FileEntry) -> Bool {
    guard options.cleansURLs, entry.kind == .file else { return false }
    let name = path(of: entry) + FileTableBuilder.pageSuffix
    return self.entry(at: name.span, 0..<name.count)?.kind == .cleanRedirect
  }
}

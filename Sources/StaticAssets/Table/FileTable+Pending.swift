/// The table of a server whose files are still being listed.
extension FileTable {
  /// Creates a table without the files of `mounts`, for the time until they have been listed.
  ///
  /// Requests for which `isPending(_:in:)` is true have to wait for the complete table; it responds
  /// to all others as that table will.
  ///
  /// - Throws: as `init(mounts:options:)`, but for mistakes in the mounts' files.
  package convenience init(pending mounts: [Mount], options: Options) throws(AssetError) {
    try OptionCheck.check(options, mounts)
    let pages = try ErrorPage.load(options)
    var builder = FileTableBuilder(options, pages)
    builder.contents.isPending = true
    try builder.finishRouting(mounts, pages)
    self.init(builder.finish())
  }

  /// Whether the complete table is needed to decide about a request for which `plan` is nil: its
  /// path may be that of a file.
  ///
  /// - Parameters:
  ///   - head: a parsed request.
  ///   - bytes: the buffer that `head` was parsed from.
  package func isPending(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    guard isPending, !head.isForServer(bytes) else { return false }
    let depends = withPath(of: head, in: bytes) { path, range in
      !isAppPath(path, range) && mayBeListed(head, in: bytes, path, range)
    }
    // The owner of a path that cannot be decoded depends on the undecoded path.
    return depends ?? (territory(bytes, head.path.range) != nil)
  }

  /// Whether the response to a request for the path in `range` of `path` depends on the files: the
  /// path is that of a mount, with or without its last slash, or below one; or it has a redirect,
  /// and whether redirects form a loop is known only with the files.
  func mayBeListed(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    _ path: Span<UInt8>,
    _ range: Range<Int>
  ) -> Bool {
    for number in 0..<territories.count
    where arena.covers(territories[number].prefix, path, range) {
      return true
    }
    return routes.redirects.count > 0 && planRedirect(head, in: bytes, path: path, range) != nil
  }
}

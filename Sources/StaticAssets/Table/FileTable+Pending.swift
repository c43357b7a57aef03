/// The table of a server whose files are still being listed.
extension FileTable {
  /// Creates a table without the files of `mounts`, for the time until they have been listed.
  ///
  /// It responds to requests outside the mounts as the complete table will. Requests for which
  /// `isPending(_:in:)` is true have to wait for that table.
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
    let mayBeFile = withPath(of: head, in: bytes) { path, range in
      !isAppPath(path, range) && territory(path, range) != nil
    }
    // The owner of a path that cannot be decoded depends on the undecoded path.
    return mayBeFile ?? (territory(bytes, head.path.range) != nil)
  }
}

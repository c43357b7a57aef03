/// Requests below live directories.
extension FileTable {
  /// Whether `plan` leaves the path to live directories: a live directory covers it.
  package func isLeftToLive(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    // `/media` may be the directory without its slash.
    let takesSlashless = options.indexFile != nil
    for number in 0..<livePrefixes.count
    where isBelow(livePrefixes[number], path, range)
      || takesSlashless && arena.covers(livePrefixes[number], path, range)
    {
      return true
    }
    return false
  }

  /// Whether the path belongs to the app even if a live directory has a file for it.
  package func isOnlyApp(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    isAppPath(path, range)
  }

  /// The response to a request for which `plan` returned nil and no live directory has a file; nil
  /// if the request belongs to the app.
  package func planWithoutLive(for head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    guard live != nil else { return nil }
    let plan = withPath(of: head, in: bytes) { path, range -> ResponsePlan? in
      planUnknown(
        head,
        in: bytes,
        path: path,
        range,
        isUpload: isAmongUploads(path, range)
      )
    }
    return plan ?? nil
  }

  /// The response of a table that `LiveSite` has built; traps for any other table.
  package func planLive(for head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan {
    guard let onlyFile else { preconditionFailure("the table is not one of `LiveSite`") }
    return answer(to: head, in: bytes, onlyFile)
  }

  /// Whether the table has a file of which the path in `range` of `path` is a stored coding by its
  /// name: such names have no URL of their own.
  package func isStoredCoding(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let coding = ContentCoding.stored(named: path, range) else { return false }
    let end = range.upperBound - coding.suffixByteCount
    return entry(at: path, range.lowerBound..<end) != nil
  }

  /// Whether the path belongs to a directory of uploads: such paths are neither pages of a
  /// single-page app nor static files.
  ///
  /// The longest prefix decides.
  @inline(never)
  func isAmongUploads(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let live else { return false }
    var closest = 0
    for number in 0..<territories.count
    where arena.covers(territories[number].prefix, path, range) {
      closest = max(closest, Int(territories[number].prefix.count))
    }
    for number in 0..<routes.pages.count
    where arena.covers(routes.pages[number].prefix, path, range) {
      closest = max(closest, Int(routes.pages[number].prefix.count))
    }
    for number in 0..<livePrefixes.count
    where live.directories[number].holdsUploads && Int(livePrefixes[number].count) > closest {
      if arena.covers(livePrefixes[number], path, range) { return true }
    }
    return false
  }

  /// Whether the path in `range` of `path` begins with `prefix`, slash included.
  private func isBelow(_ prefix: ByteSlice, _ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= Int(prefix.count) else { return false }
    return arena.equals(prefix, path, range.lowerBound..<(range.lowerBound + Int(prefix.count)))
  }
}

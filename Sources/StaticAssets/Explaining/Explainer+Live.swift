#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Explains files of live directories, which are looked up when the explanation is made.
extension Explainer {
  /// Explains the response with the file at `path` of a live directory; false if no directory has
  /// the file.
  func explainLive(_ path: [UInt8], _ explanation: inout Explanation) -> Bool {
    guard let site = table.live else { return false }
    for directory in site.directories where path.starts(with: directory.prefix.utf8) {
      let place = "'\(directory.directory)' at \(directory.prefix)"
      guard let name = name(path, directory, site), let file = open(name, directory) else {
        explanation.add("live", "\(place) has no such file now", "looked up at each request")
        continue
      }
      do throws(FileError) {
        try explain(file, name, directory, site, &explanation)
        return true
      } catch {
        explanation.add("live", "\(error)", place)
      }
    }
    return false
  }

  /// The name of the requested file below `directory`; nil if no such name is served.
  private func name(
    _ path: [UInt8],
    _ directory: LiveDirectory,
    _ site: LiveSite
  ) -> BytePath? {
    let rest = directory.prefix.utf8.count..<path.count
    switch LiveName(path.span, rest, isRoot: directory.kind == .root) {
    case .file: return BytePath(path[rest])
    case .directory: return site.indexFile.map { BytePath(path[rest] + Array($0.utf8)) }
    case .refused: return nil
    }
  }

  private func open(_ name: BytePath, _ directory: LiveDirectory) -> Descriptor? {
    let path = BytePath(directory.directory)
    // A FIFO or a device is not opened.
    guard let status = try? FileStatus.of(path.appending(name)), status.isRegular else {
      return nil
    }
    return try? Descriptor.open(name, below: path)
  }

  private func explain(
    _ file: consuming Descriptor,
    _ name: BytePath,
    _ directory: LiveDirectory,
    _ site: LiveSite,
    _ explanation: inout Explanation
  ) throws(FileError) {
    let status = try file.status(of: name)
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    let freshness = LiveFreshness(status, at: now, isLocal: true)
    let live = site.table(of: file, name, status, directory.kind, freshness)
    let plan = live.planLive(for: head, in: bytes.span)
    explanation.status = plan.status
    explanation.add(
      "live",
      "'\(BytePath(directory.directory).appending(name))'",
      "'\(directory.directory)' at \(directory.prefix), looked up at each request"
    )
    let reasons = FieldReasons(options: table.options, name: name, entry: nil, isLive: true)
    addFields(plan, of: live, reasons, &explanation)
  }
}

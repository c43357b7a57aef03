/// A file of the root together with what `staticd.json` says of it.
struct FileRecord {
  /// The path below the root, in the scan's `names`.
  let path: ByteSlice
  /// As in `ScannedFile`.
  let original: Int32
  let coding: ContentCoding
  /// Nil when the manifest tells enough of this coding of a file, or the file has gone.
  var version: FileVersion?
  /// The number in the manifest; nil when the file was not collected under this name.
  var collected: Int32?
  /// Why the system does not tell the version; 0 when it does, or was not asked.
  var errorNumber: Int32 = 0

  /// Whether this is no more than another file in a coding: then it has no URL of its own.
  ///
  /// `data.tar.gz` beside `data.tar` is a file of its own if it was collected as one.
  var isCoding: Bool { original >= 0 && collected == nil }

  /// Whether the open file is the one that was scanned, as far as that is known: its tag and date
  /// were taken then. fstat(2)
  func isUnchanged(descriptor: Int32) throws(ErrorNumber) -> Bool {
    guard let version else { return true }
    return version.isSame(as: FileVersion(try FileStatus.of(descriptor: descriptor)))
  }
}

extension CollectedManifest {
  /// The records of all files of `scan`, in their order.
  ///
  /// - Parameter directory: the root's descriptor.
  func records(
    of scan: RootScan,
    in directory: Int32,
    threadCountMax: Int
  ) -> [FileRecord] {
    let runCount = 512
    return ParallelMap.map(
      count: scan.files.count,
      threadCount: ParallelMap.threadCount(
        items: scan.files.count,
        countPerThreadMin: runCount,
        max: threadCountMax
      ),
      runCount: runCount
    ) { number in
      record(of: scan.files[number], scan, directory)
    }
  }

  private func record(of file: ScannedFile, _ scan: RootScan, _ directory: Int32) -> FileRecord {
    var record = FileRecord(
      path: file.path,
      original: file.original,
      coding: file.coding,
      version: file.version,
      collected: find(scan.names.bytes.span, file.path.range).map { Int32($0) }
    )
    guard file.version == nil, record.collected != nil || !tells(of: file, scan) else {
      return record
    }
    do throws(ErrorNumber) {
      record.version = FileVersion(
        try FileStatus.of(file.path, among: scan.names, in: directory)
      )
    } catch {
      record.errorNumber = error.code
    }
    return record
  }

  /// Whether the file that `file` is a coding of was collected and still has its size: then the
  /// manifest tells the coding's size, too.
  ///
  /// The collector writes no zstd; somebody else's is judged by its time.
  private func tells(of file: ScannedFile, _ scan: RootScan) -> Bool {
    guard file.coding != .zstandard else { return false }
    let original = scan.files[Int(file.original)]
    guard let version = original.version,
      let number = find(scan.names.bytes.span, original.path.range)
    else { return false }
    return files[number].byteCount == version.byteCount
  }
}

/// A file of the root together with its entry in `staticd.json`.
struct FileRecord {
  /// The path below the root, in the scan's `names`.
  let path: ByteSlice
  /// The index of the file that this is a coding of, as in `ScannedFile`; -1 for none.
  let original: Int32
  let coding: ContentCoding
  /// Nil when the manifest records the size of this coding, or when `errorNumber` is set.
  var version: FileVersion?
  /// The index of its entry in the manifest; nil when it was not collected under this name.
  var collected: Int32?
  /// The error number of the status call; 0 when it succeeded or was not made.
  var errorNumber: Int32 = 0

  /// Whether this is only a stored coding of another file, and so has no URL of its own.
  ///
  /// `data.tar.gz` beside `data.tar` has a URL if the manifest lists it as a file.
  var isCoding: Bool { original >= 0 && collected == nil }

  /// Whether the open file is the version that was scanned; true when the scan did not ask for it.
  ///
  /// The entity tag and `Last-Modified` describe the scanned version. fstat(2)
  func isUnchanged(descriptor: Int32) throws(ErrorNumber) -> Bool {
    guard let version else { return true }
    return version.isSame(as: FileVersion(try FileStatus.of(descriptor: descriptor)))
  }
}

extension CollectedManifest {
  /// The records of all files of `scan`, in the same order.
  ///
  /// - Parameters:
  ///   - scan: the files of the root.
  ///   - directory: the root's descriptor.
  ///   - threadCountMax: the largest number of threads, the caller's included.
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

  /// Whether the manifest records the size of the coding `file`: the file that it is a coding of
  /// was collected and still has its size.
  ///
  /// The collector writes no zstd: a `.zst` from another program is judged by its modification
  /// time.
  private func tells(of file: ScannedFile, _ scan: RootScan) -> Bool {
    guard file.coding != .zstandard else { return false }
    let original = scan.files[Int(file.original)]
    guard let version = original.version,
      let number = find(scan.names.bytes.span, original.path.range)
    else { return false }
    return files[number].byteCount == version.byteCount
  }
}

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
      manifestIndex: find(scan.names.bytes.span, file.path.range).map { Int32($0) }
    )
    guard file.version == nil, record.manifestIndex != nil || !recordsSize(ofCoding: file, scan)
    else {
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

  /// Whether the manifest records the size of the coding `file`: its original was collected and
  /// still has its size.
  ///
  /// The collector writes no zstd, so a `.zst` of another program needs its modification time. A
  /// delta is read when the table is built and compared with the scanned version.
  private func recordsSize(ofCoding file: ScannedFile, _ scan: RootScan) -> Bool {
    guard file.coding != .zstandard, file.coding != .dictionaryZstandard else { return false }
    let original = scan.files[Int(file.original)]
    guard let version = original.version,
      let number = find(scan.names.bytes.span, original.path.range)
    else { return false }
    return files[number].byteCount == version.byteCount
  }
}

/// A file of the root together with what `staticd.json` says of it.
struct FileRecord {
  let scanned: ScannedFile
  /// Nil when the manifest tells enough of this coding of a file, or the file has gone.
  var version: FileVersion?
  /// The number in the manifest; nil when the file was not collected under this name.
  var collected: Int?
  /// Why the system does not tell the version; 0 when it does, or was not asked.
  var errorNumber: Int32 = 0

  /// Whether this is no more than another file in a coding: then it has no URL of its own.
  ///
  /// `data.tar.gz` beside `data.tar` is a file of its own if it was collected as one.
  var isCoding: Bool { scanned.original >= 0 && collected == nil }
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
    let chunkCount = 512
    let fileCount = scan.files.count
    let chunks = ParallelMap.map(
      count: (fileCount + chunkCount - 1) / chunkCount,
      threadCount: ParallelMap.threadCount(
        items: fileCount,
        countPerThreadMin: chunkCount,
        max: threadCountMax
      )
    ) { chunk in
      let first = chunk * chunkCount
      return (first..<min(first + chunkCount, fileCount)).map { record(of: $0, scan, directory) }
    }
    var records: [FileRecord] = []
    records.reserveCapacity(fileCount)
    for chunk in chunks { records += chunk }
    return records
  }

  private func record(of number: Int, _ scan: RootScan, _ directory: Int32) -> FileRecord {
    let file = scan.files[number]
    var record = FileRecord(
      scanned: file,
      version: file.version,
      collected: find(scan.names.bytes.span, file.path.range)
    )
    guard file.version == nil, record.collected != nil || !tells(of: file, scan) else {
      return record
    }
    do throws(ErrorNumber) {
      let status = try FileStatus.of(file.path, among: scan.names, in: directory)
      record.version = FileVersion(byteCount: status.byteCount, modified: status.modified)
    } catch {
      record.errorNumber = error.code
    }
    return record
  }

  /// Whether the file that `file` is a coding of was collected and still has its size: then the
  /// manifest tells the coding's size, too.
  private func tells(of file: ScannedFile, _ scan: RootScan) -> Bool {
    let original = scan.files[Int(file.original)]
    guard let version = original.version,
      let number = find(scan.names.bytes.span, original.path.range)
    else { return false }
    return files[number].byteCount == version.byteCount
  }
}

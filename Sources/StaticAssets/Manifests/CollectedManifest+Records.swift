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
    // The files first: in both lists, the name of a coding follows that of its file.
    let listings = map(scan, threadCountMax) { file, _ -> Listing? in
      guard file.original < 0 else { return nil }
      let number = find(scan.names.bytes.span, file.path.range)
      return listing(number, file.version, file.path, scan, directory)
    }
    return map(scan, threadCountMax) { file, number in
      guard file.original >= 0 else { return record(of: file, listings[number]) }
      return record(ofCoding: file, listings[Int(file.original)], scan, directory)
    }
  }

  /// What the manifest lists of a file.
  private struct Listing {
    /// The index in `files`.
    let number: Int
    /// Whether the file has another content than is listed.
    let isEdited: Bool
  }

  /// The listing at index `number` for the file at `path`; nil without one.
  private func listing(
    _ number: Int?,
    _ version: FileVersion?,
    _ path: ByteSlice,
    _ scan: RootScan,
    _ directory: Int32
  ) -> Listing? {
    guard let number else { return nil }
    return Listing(
      number: number,
      isEdited: isEdited(path, version, files[number], scan, directory)
    )
  }

  /// Whether a file has another content than is listed for it.
  ///
  /// A file of the listed size is read only if it is newer than the manifest: it was edited, or all
  /// were copied without their times. What is too large for that, or cannot be read, counts as
  /// unedited.
  private func isEdited(
    _ path: ByteSlice,
    _ version: FileVersion?,
    _ file: File,
    _ scan: RootScan,
    _ directory: Int32
  ) -> Bool {
    guard let version, file.byteCount >= 0 else { return false }
    guard version.byteCount == file.byteCount else { return true }
    guard version.modifiedTotal > modified, !file.sha256.isEmpty,
      file.byteCount <= Self.comparedByteCountMax
    else { return false }
    return hasListedContent(scan.names[path], file, in: directory) == false
  }

  /// The size up to which files are compared with their digests, in bytes: 64 MiB.
  private static let comparedByteCountMax: Int64 = 64 << 20

  /// Whether the file `name` has the digest that is listed for `file`; nil if it cannot be read.
  private func hasListedContent(_ name: BytePath, _ file: File, in directory: Int32) -> Bool? {
    guard
      let opened = try? Descriptor.open(name, in: directory, flags: FileFlags.read),
      let bytes = try? opened.readAll(path: name, expected: Int(file.byteCount))
    else { return nil }
    return bytes.count == Int(file.byteCount)
      && SHA256Digest.hexadecimal(bytes).elementsEqual(text[file.sha256.range])
  }

  /// The results of `body` for each file of `scan` and its index.
  private func map<Result>(
    _ scan: RootScan,
    _ threadCountMax: Int,
    _ body: (ScannedFile, Int) -> Result
  ) -> [Result] {
    let runCount = 512
    return ParallelMap.map(
      count: scan.files.count,
      threadCount: ParallelMap.threadCount(
        items: scan.files.count,
        countPerThreadMin: runCount,
        max: threadCountMax
      ),
      runCount: runCount
    ) { body(scan.files[$0], $0) }
  }

  private func record(of file: ScannedFile, _ listing: Listing?) -> FileRecord {
    FileRecord(
      path: file.path,
      original: file.original,
      coding: file.coding,
      version: file.version,
      manifestIndex: listing.map { Int32($0.number) },
      isEdited: listing?.isEdited ?? false
    )
  }

  /// The record of a file whose name is that of a coding.
  ///
  /// - Parameter original: what is listed of the file of which it is a coding; nil when that is not
  ///   listed or has the name of a coding itself.
  private func record(
    ofCoding file: ScannedFile,
    _ original: Listing?,
    _ scan: RootScan,
    _ directory: Int32
  ) -> FileRecord {
    let bytes = scan.names.bytes.span
    let path = file.path.range
    let number = original.map { find(bytes, path, after: $0.number) } ?? find(bytes, path)
    var record = record(of: file, nil)
    guard file.version != nil || number != nil || !recordsSize(ofCoding: file, original, scan)
    else {
      return record
    }
    do throws(ErrorNumber) {
      if record.version == nil {
        record.version = FileVersion(
          try FileStatus.of(file.path, among: scan.names, in: directory)
        )
      }
      let listing = listing(number, record.version, file.path, scan, directory)
      record.manifestIndex = listing.map { Int32($0.number) }
      record.isEdited = listing?.isEdited ?? false
    } catch {
      record.manifestIndex = number.map { Int32($0) }
      record.errorNumber = error.code
    }
    return record
  }

  /// Whether the manifest records the size of the coding `file`: its original was collected and
  /// still has its content.
  ///
  /// The collector writes no zstd, so a `.zst` of another program needs its modification time. A
  /// delta is read when the table is built and compared with the scanned version.
  private func recordsSize(
    ofCoding file: ScannedFile,
    _ listing: Listing?,
    _ scan: RootScan
  ) -> Bool {
    guard listing?.isEdited != true, file.coding != .zstandard,
      file.coding != .dictionaryZstandard
    else { return false }
    let original = scan.files[Int(file.original)]
    guard let version = original.version,
      let number = listing?.number ?? find(scan.names.bytes.span, original.path.range)
    else { return false }
    return files[number].byteCount == version.byteCount
  }
}

internal import StaticAssets
internal import Synchronization

/// What the encoders made of contents in earlier runs, and what was not worth keeping.
///
/// One file for each content, found by its digest; in it, one result for each encoder. An encoder
/// of another version or quality finds nothing. May be used from several threads.
final class CompressionCache: Sendable {
  /// What became of one content in one coding.
  struct Result: Sendable {
    /// Which encoder, with its version and quality.
    let encoder: [UInt8]
    /// The result; nil when it was not worth keeping.
    let bytes: [UInt8]?

    /// The part of the encoder's name that tells the coding.
    fileprivate var coding: ArraySlice<UInt8> {
      encoder.prefix { $0 != UInt8(ascii: ":") }
    }
  }

  private static let directoryName = FilePath("results")

  private let directory: CacheDirectory
  private let byteCountMax: Int64
  private let addedCount = Atomic<Int>(0)
  private let firstFailure = Mutex<FileError?>(nil)

  /// The results in `directory`, which may take `byteCountMax` bytes of the disk.
  init(_ directory: CacheDirectory, byteCountMax: Int64) {
    self.directory = directory
    self.byteCountMax = byteCountMax
  }

  /// Why a result could not be written, if one could not.
  var failure: FileError? { firstFailure.withLock { $0 } }

  /// The results for a content; none when they were changed on the disk.
  func results(of digests: ContentDigests) -> [Result] {
    guard let bytes = directory.read(Self.name(digests)) else { return [] }
    return (try? Self.parse(bytes, digests)) ?? []
  }

  /// Keeps the results for a content, unless they are all among the `known` ones.
  ///
  /// Those of the known ones that are for other codings stay; of one coding the newest does.
  func keep(_ new: [Result], besides known: [Result], of digests: ContentDigests) {
    guard !new.allSatisfy({ result in known.contains { $0.encoder == result.encoder } }) else {
      return
    }
    let codings = new.map(\.coding)
    let results = new + known.filter { !codings.contains($0.coding) }
    // A full disk stays full; and what cannot be kept is only made again.
    guard failure == nil else { return }
    do throws(FileError) {
      try directory.write(Self.text(of: results, digests), to: Self.name(digests))
      addedCount.add(1, ordering: .relaxed)
    } catch {
      firstFailure.withLock { $0 = $0 ?? error }
    }
  }

  /// Removes results beyond the bound, if this run added any.
  func trim() {
    guard addedCount.load(ordering: .relaxed) > 0 else { return }
    directory.removeLeftovers()
    let entries = directory.entries(below: Self.directoryName)
    var byteCount = entries.reduce(0) { $0 + $1.status.storedByteCount }
    guard byteCount > byteCountMax else { return }
    for entry in entries.sorted(by: Self.isUsedBefore) {
      // Some room more, so that not every run has to sort them all.
      guard byteCount > byteCountMax / 10 * 9 else { return }
      directory.remove(entry.name)
      byteCount -= entry.status.storedByteCount
    }
  }

  private static func isUsedBefore(
    _ left: CacheDirectory.Entry,
    _ right: CacheDirectory.Entry
  ) -> Bool {
    left.status.modifiedNanoseconds < right.status.modifiedNanoseconds
  }

  /// In 256 directories, so that none gets large.
  private static func name(_ digests: ContentDigests) -> FilePath {
    let digits = digests.sha256
    return directoryName.appending(FilePath(digits.prefix(2)))
      .appending(FilePath(digits.dropFirst(2)))
  }

  private static let kind: StaticString = "staticd compressed results, version 1"

  private static func text(of results: [Result], _ digests: ContentDigests) -> [UInt8] {
    var record = SealedRecordWriter(kind: kind)
    record.add(digests.sha256)
    record.add(UInt64(results.count))
    for result in results {
      record.add(result.encoder)
      record.add(result.bytes == nil ? 0 : 1)
      record.add(result.bytes ?? [])
    }
    return record.finish()
  }

  private static func parse(
    _ bytes: [UInt8],
    _ digests: ContentDigests
  ) throws(SealedRecordReader.Broken) -> [Result] {
    var record = try SealedRecordReader(bytes, kind: kind)
    // A whole record of another content, under this one's name, is as wrong as a broken one.
    guard try record.text() == digests.sha256 else { throw SealedRecordReader.Broken() }
    var results: [Result] = []
    for _ in 0..<(try record.number()) {
      let encoder = try record.text()
      let isKept = try record.number() == 1
      let bytes = try record.text()
      results.append(Result(encoder: encoder, bytes: isKept ? bytes : nil))
    }
    return results
  }
}

internal import StaticAssets
internal import Synchronization

/// Compressed results of earlier runs, including those that were not worth keeping.
///
/// There is one record for each content, found by its digest, with one result for each encoder. A
/// result of another encoder version or quality does not match. It is safe to use from several
/// threads.
final class CompressionCache: Sendable {
  /// The result of compressing one content with one coding.
  struct Result: Sendable {
    /// The encoder with its version and quality.
    let encoder: [UInt8]
    /// The compressed bytes; nil if they were not worth keeping.
    let bytes: [UInt8]?
    /// The MD5 of `bytes` in hexadecimal digits; empty if `bytes` is nil.
    let md5: [UInt8]

    /// The coding, which is the first part of the encoder's name.
    fileprivate var coding: ArraySlice<UInt8> {
      encoder.prefix { $0 != UInt8(ascii: ":") }
    }
  }

  /// The pack of results, opened on first use.
  private enum Pack {
    case unopened
    case opened(ResultPack)
    case unusable
  }

  private let directory: CacheDirectory
  private let byteCountMax: Int64
  private let opened = Mutex(Pack.unopened)
  private let firstFailure = Mutex<FileError?>(nil)

  /// The results in `directory`, which may take `byteCountMax` bytes on disk.
  init(_ directory: CacheDirectory, byteCountMax: Int64) {
    self.directory = directory
    self.byteCountMax = byteCountMax
  }

  /// The first error while reading or writing the pack; nil if there was none.
  var failure: FileError? { firstFailure.withLock { $0 } }

  private var pack: ResultPack? {
    opened.withLock { pack in
      if case .unopened = pack {
        do throws(FileError) {
          pack = .opened(try ResultPack(directory))
        } catch {
          pack = .unusable
          note(error)
        }
      }
      guard case .opened(let opened) = pack else { return nil }
      return opened
    }
  }

  private func note(_ error: FileError) {
    firstFailure.withLock { $0 = $0 ?? error }
  }

  /// The results for a content; empty if there are none or the record is damaged.
  func results(of digests: ContentDigests) -> [Result] {
    guard let bytes = pack?.record(of: ContentKey(digits: digests.sha256)) else { return [] }
    return (try? Self.parse(bytes, digests)) ?? []
  }

  /// Stores the results for a content, unless all of them are in `known` already.
  ///
  /// Known results for other codings are kept; a new result replaces the known one of its coding.
  func keep(_ new: [Result], besides known: [Result], of digests: ContentDigests) {
    guard !new.allSatisfy({ result in known.contains { $0.encoder == result.encoder } }) else {
      return
    }
    let codings = new.map(\.coding)
    let results = new + known.filter { !codings.contains($0.coding) }
    // Nothing is written after an error: a full disk stays full, and a missing result is only
    // recomputed.
    guard failure == nil, let pack else { return }
    do throws(FileError) {
      let record = Self.text(of: results, digests)
      try pack.append(record, of: ContentKey(digits: digests.sha256))
    } catch {
      note(error)
    }
  }

  /// Writes the results of this run, and removes old ones beyond the bound.
  func finish() {
    guard failure == nil, case .opened(let pack) = opened.withLock({ $0 }) else { return }
    do throws(FileError) {
      try pack.finish(byteCountMax: Int(byteCountMax))
    } catch {
      note(error)
    }
  }

  private static let kind: StaticString = "staticd compressed results, version 2"

  private static func text(of results: [Result], _ digests: ContentDigests) -> [UInt8] {
    var record = SealedRecordWriter(kind: kind)
    record.add(digests.sha256)
    record.add(UInt64(results.count))
    for result in results {
      record.add(result.encoder)
      record.add(result.bytes == nil ? 0 : 1)
      record.add(result.bytes ?? [])
      record.add(result.md5)
    }
    return record.finish()
  }

  private static func parse(
    _ bytes: [UInt8],
    _ digests: ContentDigests
  ) throws(SealedRecordReader.Broken) -> [Result] {
    var record = try SealedRecordReader(bytes, kind: kind)
    // The digest also rejects an intact record that is stored under the key of another content.
    guard try record.text() == digests.sha256 else { throw SealedRecordReader.Broken() }
    var results: [Result] = []
    for _ in 0..<(try record.number()) {
      let encoder = try record.text()
      let isKept = try record.number() == 1
      let bytes = try record.text()
      let md5 = try record.text()
      results.append(Result(encoder: encoder, bytes: isKept ? bytes : nil, md5: md5))
    }
    return results
  }
}

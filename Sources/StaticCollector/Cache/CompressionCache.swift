internal import StaticAssets
internal import Synchronization

/// What the encoders made of contents in earlier runs, and what was not worth keeping.
///
/// One record for each content, found by its digest; in it, one result for each encoder. An encoder
/// of another version or quality finds nothing. May be used from several threads.
final class CompressionCache: Sendable {
  /// What became of one content in one coding.
  struct Result: Sendable {
    /// Which encoder, with its version and quality.
    let encoder: [UInt8]
    /// The result; nil when it was not worth keeping.
    let bytes: [UInt8]?
    /// The MD5 of `bytes`, in hexadecimal digits; empty without them.
    let md5: [UInt8]

    /// The part of the encoder's name that tells the coding.
    fileprivate var coding: ArraySlice<UInt8> {
      encoder.prefix { $0 != UInt8(ascii: ":") }
    }
  }

  /// The pack of results, opened when it is needed first.
  private enum Pack {
    case unopened
    case opened(ResultPack)
    case unusable
  }

  private let directory: CacheDirectory
  private let byteCountMax: Int64
  private let opened = Mutex(Pack.unopened)
  private let firstFailure = Mutex<FileError?>(nil)

  /// The results in `directory`, which may take `byteCountMax` bytes of the disk.
  init(_ directory: CacheDirectory, byteCountMax: Int64) {
    self.directory = directory
    self.byteCountMax = byteCountMax
  }

  /// Why a result could not be written, if one could not.
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

  /// The results for a content; none when they were changed on the disk.
  func results(of digests: ContentDigests) -> [Result] {
    guard let bytes = pack?.record(of: ContentKey(digits: digests.sha256)) else { return [] }
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
    guard failure == nil, let pack else { return }
    do throws(FileError) {
      let record = Self.text(of: results, digests)
      try pack.append(record, of: ContentKey(digits: digests.sha256))
    } catch {
      note(error)
    }
  }

  /// Writes down what this run added and used, and removes results beyond the bound.
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
    // A whole record of another content, under this one's name, is as wrong as a broken one.
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

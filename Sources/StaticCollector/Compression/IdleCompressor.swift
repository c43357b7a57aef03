internal import CLinux
internal import Glibc
package import StaticAssets

/// Compresses files that are being served, using idle processor time.
///
/// Results are stored by content in the cache that `collect` uses.
package struct IdleCompressor: Sendable {
  /// The smallest file that is compressed, in bytes: below it, the saving is less than a packet.
  package static let byteCountMin: Int64 = 200
  /// The largest file that is compressed, in bytes.
  package static let byteCountMax: Int64 = 16 << 20
  /// The limit of all results together, in bytes, because they are kept in memory.
  package static let resultByteCountMax = 64 << 20
  private let policy: CompressionPolicy
  private let cache: CompressionCache?

  /// A compressor for one run over some files.
  ///
  /// - Parameter cache: nil for none; an unusable cache is ignored.
  package init(cache: CacheOptions?) {
    policy = CompressionPolicy(codings: ContentCoding.preference, memory: nil)
    self.cache = cache.flatMap { options in
      let directory = try? CacheDirectory(options.directory)
      return directory.map { CompressionCache($0, byteCountMax: options.byteCountMax) }
    }
  }

  /// Makes the calling thread run only on idle processors. sched_setscheduler(2)
  package static func becomeIdle() { clinux_become_idle() }

  /// The result of compressing a file.
  package enum Outcome: Sendable {
    /// The codings that are worth keeping, possibly none.
    case done([AddedCodings.Coding])
    /// The file was changed just now; it may be tried again.
    case unsettled
    /// The file is missing or differs from the version in the table.
    case changed
  }

  /// Compresses `file`, or takes the results from the cache.
  package func compress(_ file: UncodedFile) -> Outcome {
    guard (Self.byteCountMin...Self.byteCountMax).contains(file.version.size),
      policy.compresses(file.path)
    else { return .done([]) }
    do throws(FileError) {
      let opened = try Descriptor.open(file.path, flags: FileFlags.read)
      let status = try opened.status(of: file.path)
      guard UncodedFile.Version(status) == file.version else { return .changed }
      // Two writes within one tick of the file time clock can leave the same time.
      let isLocal = clinux_reports_changes(opened.number) != 0
      let now = clinux_realtime_nanoseconds()
      guard !LiveFreshness(status, at: now, isLocal: isLocal).isTagFresh else { return .unsettled }
      let bytes = try opened.readAll(path: file.path, expected: Int(file.version.size))
      guard try UncodedFile.Version(opened.status(of: file.path)) == file.version,
        bytes.count == Int(file.version.size)
      else { return .changed }
      return .done(compress(bytes))
    } catch {
      return .changed
    }
  }

  private func compress(_ bytes: [UInt8]) -> [AddedCodings.Coding] {
    let digests = ContentDigests(of: bytes)
    let known = cache?.results(of: digests) ?? []
    let (variants, results) = policy.compress(byteCount: bytes.count, known: known) { bytes }
    cache?.keep(results, besides: known, of: digests)
    return variants.map { AddedCodings.Coding($0.coding, $0.bytes) }
  }

  /// Writes the cache's index, and evicts results beyond its limit.
  package func finishCache() { cache?.finish() }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Reads the bodies of a plan into the arena, on several threads.
enum BodyReader {
  /// A variant that could not be read.
  struct Failure {
    /// The index of the variant.
    let variant: Int
    /// The error; nil when the file is not the version that was planned.
    var error: FileError?
  }

  /// Reads the variants in `plan.reads` into `arena` and returns the failures.
  ///
  /// - Parameters:
  ///   - plan: the variants and their slices.
  ///   - records: the files of the mount; the plan refers to them by index.
  ///   - names: the buffer that holds the paths of `records`.
  ///   - directory: the root's descriptor.
  ///   - threadCountMax: the largest number of threads, the caller's included.
  ///   - arena: receives the bytes.
  static func read(
    _ plan: BodyPlan,
    _ records: [FileRecord],
    of names: NameBuffer,
    in directory: Int32,
    threadCountMax: Int,
    into arena: inout ByteArenaBuilder
  ) -> [Failure] {
    // Small chunks keep the threads equally busy until the end.
    let chunkCount = 64
    let reads = plan.reads
    // An estimate: two heads of up to 512 bytes per variant, and the paths.
    let following = plan.variants.count * 1024 + names.bytes.count * 2
    let failures = arena.appendRegion(byteCount: plan.byteCount, following: following) { region in
      ParallelMap.map(
        count: (reads.count + chunkCount - 1) / chunkCount,
        threadCount: ParallelMap.threadCount(
          items: reads.count,
          countPerThreadMin: 4 * chunkCount,
          max: threadCountMax
        )
      ) { chunk in
        let first = chunk * chunkCount
        return reads[first..<min(first + chunkCount, reads.count)].compactMap {
          variant -> Failure? in
          guard case .memory(let slot) = plan.variants[variant].placement else { return nil }
          let record = records[plan.variants[variant].record]
          return read(variant, record, of: names, in: directory, region, slot)
        }
      }
    }
    return failures.flatMap { $0 }
  }

  private static func read(
    _ variant: Int,
    _ record: FileRecord,
    of names: NameBuffer,
    in directory: Int32,
    _ region: ArenaRegion,
    _ slot: ByteSlice
  ) -> Failure? {
    let path = record.path
    let opened = unsafe names.withCString(path) { name in
      retrying { unsafe openat(directory, name, FileFlags.read | O_CLOEXEC) }
    }
    guard opened >= 0 else { return failure(variant, "open", names[path], errno) }
    let file = Descriptor(owning: opened)
    let count = region.read(file.number, into: slot)
    guard count >= 0 else { return failure(variant, "read", names[path], Int32(-count)) }
    do throws(ErrorNumber) {
      // Checked after reading: a write before or during the read has changed the time by now.
      let isUnchanged = try record.isUnchanged(descriptor: file.number)
      return count == Int(slot.count) && isUnchanged ? nil : Failure(variant: variant)
    } catch {
      return failure(variant, "read", names[path], error.code)
    }
  }

  private static func failure(
    _ variant: Int,
    _ operation: String,
    _ path: BytePath,
    _ code: Int32
  ) -> Failure {
    let error = FileError(operation: operation, path: path.description, code: code)
    return Failure(variant: variant, error: error)
  }
}

import Foundation

/// Whether these tests were built with a sanitizer, which needs additional memory and time.
public enum Sanitizer {
  public static let isActive = (["__asan_init", "__tsan_init"] as [String]).contains { name in
    dlsym(UnsafeMutableRawPointer(bitPattern: 0), name) != nil
  }
}

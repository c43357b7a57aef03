#if !HTTPTypes
  /// Unavailable without the trait `HTTPTypes`.
  @available(*, unavailable, message: "add traits: [\"HTTPTypes\"] to the dependency on staticd")
  public struct StaticResponder<Chunk> {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(_ assets: Any, chunk makeChunk: @escaping ([UInt8]) -> Chunk) {}
  }
#endif

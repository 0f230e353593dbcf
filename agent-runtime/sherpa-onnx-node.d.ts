/** The part of sherpa-onnx-node 1.13 that is used; the package ships no declarations. A path that a model does without is ''. */
declare module 'sherpa-onnx-node' {
  export interface Waveform {
    samples: Float32Array
    sampleRate: number
  }
  interface Shared {
    tokens: string
    numThreads: number
  }
  interface Transducer {
    encoder: string
    decoder: string
    joiner: string
  }
  export interface OfflineModelConfig extends Shared {
    whisper?: { encoder: string; decoder: string; language: string; task: string; tailPaddings: number }
    moonshine?: { preprocessor: string; encoder: string; uncachedDecoder: string; cachedDecoder: string }
    senseVoice?: { model: string; language: string; useInverseTextNormalization: number }
    paraformer?: { model: string }
    nemoCtc?: { model: string }
    transducer?: Transducer
    modelType?: string
  }
  export interface OnlineModelConfig extends Shared {
    transducer?: Transducer
    paraformer?: { encoder: string; decoder: string }
  }
  interface Voice {
    tokens: string
    dataDir: string
    lengthScale: number
  }
  export interface TtsModelConfig {
    vits?: Voice & { model: string; lexicon: string; noiseScale: number; noiseScaleW: number }
    kokoro?: Voice & { model: string; voices: string; lexicon: string }
    kitten?: Voice & { model: string; voices: string }
    matcha?: Voice & { acousticModel: string; vocoder: string; lexicon: string; noiseScale: number }
    numThreads: number
  }
  interface Features {
    sampleRate: number
    featureDim: number
  }
  export interface OfflineStream {
    acceptWaveform(wave: Waveform): void
  }
  export interface OfflineRecognizer {
    createStream(): OfflineStream
    /** Never with an empty waveform: the native side ends the process. */
    decodeAsync(stream: OfflineStream): Promise<{ text: string }>
  }
  export interface OnlineStream {
    acceptWaveform(wave: Waveform): void
    inputFinished(): void
  }
  export interface OnlineRecognizer {
    createStream(): OnlineStream
    isReady(stream: OnlineStream): boolean
    /** One chunk; blocks for as long as that takes. */
    decode(stream: OnlineStream): void
    getResult(stream: OnlineStream): { text: string }
  }
  export interface OfflineTts {
    readonly sampleRate: number
    readonly numSpeakers: number
    generateAsync(request: { text: string; sid: number; speed: number; enableExternalBuffer: boolean }): Promise<Waveform>
  }
  interface Sherpa {
    OfflineRecognizer: {
      createAsync(config: { featConfig: Features; modelConfig: OfflineModelConfig }): Promise<OfflineRecognizer>
    }
    /** Loads while it blocks. */
    OnlineRecognizer: new (config: {
      featConfig: Features
      modelConfig: OnlineModelConfig
      decodingMethod: 'greedy_search'
      enableEndpoint: boolean
    }) => OnlineRecognizer
    OfflineTts: {
      createAsync(config: { model: TtsModelConfig; maxNumSentences: number }): Promise<OfflineTts>
    }
  }
  const sherpa: Sherpa
  export default sherpa
}

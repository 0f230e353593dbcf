/** The part of sherpa-onnx-node 1.13 that is used; the package ships no declarations. */
declare module 'sherpa-onnx-node' {
  export interface Waveform {
    samples: Float32Array
    sampleRate: number
  }
  export interface OfflineStream {
    acceptWaveform(wave: Waveform): void
  }
  export interface OfflineRecognizer {
    createStream(): OfflineStream
    /** Never with an empty waveform: the native side ends the process. */
    decodeAsync(stream: OfflineStream): Promise<{ text: string }>
  }
  export interface OfflineTts {
    readonly sampleRate: number
    generateAsync(request: { text: string; sid: number; speed: number; enableExternalBuffer: boolean }): Promise<Waveform>
  }
  interface Sherpa {
    OfflineRecognizer: {
      createAsync(config: {
        featConfig: { sampleRate: number; featureDim: number }
        modelConfig: {
          whisper: { encoder: string; decoder: string; language: string; task: string; tailPaddings: number }
          tokens: string
          numThreads: number
        }
      }): Promise<OfflineRecognizer>
    }
    OfflineTts: {
      createAsync(config: {
        model: {
          vits: { model: string; tokens: string; dataDir: string; noiseScale: number; noiseScaleW: number; lengthScale: number }
          numThreads: number
        }
        maxNumSentences: number
      }): Promise<OfflineTts>
    }
  }
  const sherpa: Sherpa
  export default sherpa
}

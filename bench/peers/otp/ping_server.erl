%% The child of every measurement.
-module(ping_server).
-behaviour(gen_server).
-export([start_link/0, start_link/2, start_link/3]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() -> gen_server:start_link(?MODULE, nobody, []).
start_link(Driver, Slot) -> gen_server:start_link(?MODULE, {Driver, Slot}, []).
start_link(Name, Driver, Slot) -> gen_server:start_link({local, Name}, ?MODULE, {Driver, Slot}, []).

init(nobody) ->
    {ok, no_state};
init({Driver, Slot}) ->
    Driver ! {here_i_am, Slot, self()},
    {ok, no_state}.

handle_call(ping, _From, State) -> {reply, pong, State}.

handle_cast(nudge, State) -> {noreply, State}.
